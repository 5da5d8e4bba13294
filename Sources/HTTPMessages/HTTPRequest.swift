/// A request of HTTP/1.1 (RFC 9112), whole: its body's length is known, and it is never sent in chunks, since servers of
/// WS-Management's close the connection on one.
package struct HTTPRequest: Sendable, Hashable {
    package let method: String
    package let target: String
    /// `Host` first, `Content-Length` last.
    package let headers: [HTTPHeader]
    package let body: [UInt8]

    /// - Parameters:
    ///   - target: a path with its query, or `host:port` for CONNECT.
    ///   - headers: all others; `Host`, `Content-Length` and `Transfer-Encoding` are not among them.
    /// - Throws: `.malformed` for what would end a line, or be another field.
    package init(
        method: String = "POST",
        target: String,
        host: String,
        headers: [HTTPHeader],
        body: [UInt8] = []
    ) throws(HTTPFault) {
        let all = [HTTPHeader("Host", host)] + headers + [HTTPHeader("Content-Length", String(body.count))]
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte) else {
            throw HTTPFault(.malformed, "a method that is not a word")
        }
        guard !target.isEmpty, target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw HTTPFault(.malformed, "an address with blanks, or with letters that are not escaped")
        }
        for header in all {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(\.isTokenByte) else {
                throw HTTPFault(.malformed, "a header's name that is not a word")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HTTPFault(.malformed, "a value of \(header.name) with control characters")
            }
        }
        guard !headers.contains(where: { header in Self.framing.contains { header.isNamed($0) } }) else {
            throw HTTPFault(.malformed, "a header that is written here")
        }
        self.method = method
        self.target = target
        self.headers = all
        self.body = body
    }

    private static let framing = ["Host", "Content-Length", "Transfer-Encoding"]

    /// As it is sent.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512 + body.count)
        bytes += method.utf8
        bytes.append(UInt8(ascii: " "))
        bytes += target.utf8
        bytes += " HTTP/1.1\r\n".utf8
        for header in headers {
            bytes += header.name.utf8
            bytes += ": ".utf8
            bytes += header.value.utf8
            bytes += "\r\n".utf8
        }
        bytes += "\r\n".utf8
        bytes += body
        return bytes
    }
}

extension UInt8 {
    /// Whether it may stand in a name (RFC 9110 5.6.2).
    var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
