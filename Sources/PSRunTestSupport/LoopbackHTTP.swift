import Glibc
import SystemErrors

/// One connection of HTTP/1.1 to a server on 127.0.0.1, as small as tests of what travels in it need: no more than
/// `Content-Length` ends an answer.
package final class LoopbackHTTP {
    package struct Answer {
        package let status: Int
        /// Names in small letters.
        package let headers: [(name: String, value: String)]
        package let body: [UInt8]

        package func values(of name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
    }

    private let descriptor: Int32
    private var unread: [UInt8] = []

    /// - Parameter seconds: after which a server that says nothing is given up.
    package init(port: Int, seconds: Int = 30) throws {
        guard let descriptor = Self.connected(to: port) else {
            throw TestSupportError("nothing listens on port \(port)")
        }
        self.descriptor = descriptor
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    package static func listens(on port: Int) -> Bool {
        guard let descriptor = connected(to: port) else { return false }
        close(descriptor)
        return true
    }

    /// Sends a request and waits for its answer; blocks.
    package func exchange(
        _ method: String = "POST",
        _ target: String = "/wsman",
        headers: [(String, String)],
        body: [UInt8]
    ) throws -> Answer {
        var request = Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n".utf8)
        for (name, value) in headers { request += "\(name): \(value)\r\n".utf8 }
        request += "\r\n".utf8
        request += body
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestSupportError("send: \(describe(errno: errno))") }
            sent += count
        }
        return try answer()
    }

    private func answer() throws -> Answer {
        var lines: [String] = []
        while true {
            let line = try line()
            if line.isEmpty { break }
            lines.append(line)
        }
        let headers = lines.dropFirst().map { line in
            let name = line.prefix { $0 != ":" }
            return (name: name.lowercased(), value: String(line.dropFirst(name.count + 1).drop { $0 == " " }))
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        let isChunked = headers.contains { $0.name == "transfer-encoding" }
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw TestSupportError("not an answer: \(lines)")
        }
        return Answer(status: status, headers: headers, body: isChunked ? try chunks() : try bytes(length ?? 0))
    }

    private func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while let count = Int(try line(), radix: 16) {
            body += try bytes(count)
            _ = try line()
            if count == 0 { break }
        }
        return body
    }

    private func line() throws -> String {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                let line = unread[..<end].filter { $0 != 0x0D }
                unread.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            try read()
        }
    }

    private func bytes(_ count: Int) throws -> [UInt8] {
        while unread.count < count { try read() }
        defer { unread.removeFirst(count) }
        return Array(unread[..<count])
    }

    private func read() throws {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { throw TestSupportError("recv: \(count == 0 ? "the end" : describe(errno: errno))") }
        unread += piece[..<count]
    }

    private static func connected(to port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if status == 0 { return descriptor }
        close(descriptor)
        return nil
    }
}
