import Files
import Glibc
package import Recording
import SystemErrors

/// The system's log as a witness of the chain: its heads stand where who may change a recordings folder may not.
package struct SystemLog: Sendable {
    /// Facility user, severity notice (RFC 3164, section 4.1.1).
    private static let priority = 1 << 3 | 5

    private let socketPath: String

    /// - Parameter socketPath: where the log takes datagrams, as syslog(3) sends them.
    package init(socketPath: String = "/dev/log") {
        self.socketPath = socketPath
    }

    /// Writes a chain's head: `psrun[PID]: chain head HASH line N run NAME folder …`. Unlike syslog(3) it tells when
    /// nobody takes it.
    /// - Throws: `witness`
    package func write(_ head: ChainHead, run: String) throws(RecordingError) {
        let message =
            "<\(Self.priority)>\(Self.now()) psrun[\(getpid())]: chain head \(head.hash) line \(head.lines) run \(run)"
        guard let code = send(Array(message.utf8)) else { return }
        throw RecordingError(
            .witness,
            "The chain's head \(head.hash) is not in the system's log: \(socketPath): \(describe(errno: code)). "
                + "Keep it elsewhere by hand, or leave out --head-to-syslog if there is no such log."
        )
    }

    /// `Nov 22 02:00:00`, local time.
    private static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var text = [UInt8](repeating: 0, count: 32)
        let count = text.withUnsafeMutableBytes { buffer in
            strftime(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, "%h %e %T", &parts)
        }
        return String(decoding: text.prefix(count), as: UTF8.self)
    }

    /// - Returns: errno where the log did not take it.
    private func send(_ bytes: [UInt8]) -> Int32? {
        guard let address = UnixAddress(socketPath) else { return ENAMETOOLONG }
        let log = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard log >= 0 else { return errno }
        defer { close(log) }
        // A log that is full and hangs must not hang the run.
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(log, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let sent = address.withPointer { sendto(log, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
        return sent == bytes.count ? nil : errno
    }
}
