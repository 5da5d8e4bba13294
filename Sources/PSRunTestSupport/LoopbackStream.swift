import Glibc
import SystemErrors

/// A TCP connection to a peer on this computer, for tests: it blocks, for some seconds at most.
package final class LoopbackStream: Sendable {
    private let descriptor: Int32

    /// - Parameter port: waited for until somebody listens there.
    package init(port: UInt16, seconds: Int = 20) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var number: Int32 = -1
        for _ in 0..<(seconds * 50) {
            number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard number >= 0 else { throw TestSupportError("socket: \(describe(errno: errno))") }
            let status = withUnsafeBytes(of: &address) { bytes in
                bytes.baseAddress.map {
                    connect(number, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
                } ?? -1
            }
            if status == 0 { break }
            close(number)
            number = -1
            usleep(20_000)
        }
        guard number >= 0 else { throw TestSupportError("nobody listens on port \(port)") }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        descriptor = number
    }

    deinit {
        close(descriptor)
    }

    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw TestSupportError("send: \(describe(errno: errno))") }
            rest = rest.dropFirst(count)
        }
    }

    /// What is there, after waiting for it; empty at the end.
    package func receive() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count < 0, errno == ECONNRESET { return [] }
        guard count >= 0 else { throw TestSupportError("recv: \(describe(errno: errno))") }
        return Array(bytes[..<count])
    }

    /// A port that nobody listens on, as far as can be known.
    package static func freePort() throws -> UInt16 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutableBytes(of: &address) { bytes -> Int32 in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
            guard bind(number, start, length) == 0 else { return -1 }
            return getsockname(number, start, &length)
        }
        guard status == 0 else { throw TestSupportError("bind: \(describe(errno: errno))") }
        return UInt16(bigEndian: address.sin_port)
    }
}
