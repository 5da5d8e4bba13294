import Files
import Glibc
package import Recording
import RecordingFormat
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
    /// - Parameter patience: how long a log that is full is waited for, in milliseconds.
    /// - Throws: `witness`
    package func write(
        _ head: ChainHead,
        run: String,
        patience: Int = RecordingBound.logWait.bytes
    ) throws(RecordingError) {
        let message =
            "<\(Self.priority)>\(Self.now()) psrun[\(getpid())]: chain head \(head.hash) line \(head.lines) run \(run)"
        let bytes = Array(message.utf8)
        guard let code = reach({ Self.send(bytes, $0, $1, patience) }) else { return }
        throw RecordingError(
            .witness,
            "The chain's head \(head.hash) is not in the system's log: \(socketPath): \(describe(errno: code)). "
                + "Keep it elsewhere by hand, or leave out --head-to-syslog if there is no such log."
        )
    }

    /// Finds out whether there is a log that could be written to; writes nothing.
    /// - Throws: `witness`
    package func tryOut() throws(RecordingError) {
        guard let code = reach({ $1.withPointer({ [log = $0] in connect(log, $0, $1) }) == 0 ? nil : errno }) else {
            return
        }
        throw RecordingError(
            .witness,
            "The chain's head cannot be put into the system's log: \(socketPath): \(describe(errno: code)). Leave out "
                + "--head-to-syslog if there is no such log."
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

    /// Does something with a socket and the log's address.
    /// - Returns: errno where that failed.
    private func reach(_ body: (Int32, UnixAddress) -> Int32?) -> Int32? {
        guard let address = UnixAddress(socketPath) else { return ENAMETOOLONG }
        let log = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard log >= 0 else { return errno }
        defer { close(log) }
        return body(log, address)
    }

    /// - Returns: errno where the log did not take it.
    private static func send(_ bytes: [UInt8], _ log: Int32, _ address: UnixAddress, _ patience: Int) -> Int32? {
        // A log that is full and hangs must not hang the run.
        // Zero would be no bound.
        let patience = max(1, patience)
        var limit = timeval(tv_sec: patience / 1_000, tv_usec: patience % 1_000 * 1_000)
        setsockopt(log, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let sent = address.withPointer { sendto(log, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
        return sent == bytes.count ? nil : errno
    }
}
