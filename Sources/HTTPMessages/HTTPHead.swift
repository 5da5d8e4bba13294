/// An answer's status line and fields.
struct HTTPHead: Sendable {
    enum Framing: Sendable, Hashable {
        case none
        case length(Int)
        case chunked
        /// Until the connection ends.
        case untilEnd
    }

    private let minorVersion: UInt8
    let status: Int
    let reason: String
    var headers: [HTTPHeader] = []

    /// `HTTP/1.1 200 OK`; the reason may be empty, and some leave out the blank before it too.
    init(statusLine line: [UInt8]) throws(HTTPFault) {
        let prefix = Array("HTTP/1.".utf8)
        guard line.count >= 12, line.starts(with: prefix), line[7] == UInt8(ascii: "1") || line[7] == UInt8(ascii: "0"),
            line[8] == 0x20, line.count == 12 || line[12] == 0x20,
            let status = Self.number(line[9..<12]), (100..<600).contains(status),
            line[12...].allSatisfy(\.isFieldByte)
        else { throw HTTPFault(.malformed, "the answer does not begin as one of HTTP/1.1") }
        minorVersion = line[7] - UInt8(ascii: "0")
        self.status = status
        reason = String(decoding: line.dropFirst(13), as: UTF8.self)
    }

    /// A field's line: a name, the colon right behind it, and a value with blanks around it.
    static func field(_ line: [UInt8]) throws(HTTPFault) -> HTTPHeader {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[..<colon].allSatisfy(\.isTokenByte)
        else { throw HTTPFault(.malformed, "a line of the head that is not a field") }
        let value = line[(colon + 1)...]
        guard value.allSatisfy(\.isFieldByte) else { throw HTTPFault(.malformed, "control characters in the head") }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let trimmed = value.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return HTTPHeader(
            String(decoding: line[..<colon], as: UTF8.self),
            String(decoding: Array(trimmed), as: UTF8.self)
        )
    }

    /// How the body's end is found (RFC 9112 6.3), or why that is in doubt.
    func framing(isConnect: Bool) throws(HTTPFault) -> Framing {
        let lengths = values(of: "content-length")
        let codings = values(of: "transfer-encoding")
        guard lengths.count <= 1, codings.count <= 1, lengths.isEmpty || codings.isEmpty else {
            throw HTTPFault(.malformed, "an answer that says in two ways where it ends")
        }
        if isConnect, (200..<300).contains(status) { return .none }
        if let coding = codings.first {
            guard coding.lowercased() == "chunked", minorVersion == 1, status != 204, status != 304 else {
                throw HTTPFault(.malformed, "a transfer coding that cannot be read")
            }
            return .chunked
        }
        var length: Int?
        if let text = lengths.first {
            guard text.utf8.count <= 15, let number = Self.number(Array(text.utf8)[...]) else {
                throw HTTPFault(.malformed, "a length that is not a number")
            }
            length = number
        }
        if status == 204 || status == 304 {
            guard status == 304 || length ?? 0 == 0 else { throw HTTPFault(.malformed, "a body where none may be") }
            return .none
        }
        return length.map { .length($0) } ?? .untilEnd
    }

    var keepsAlive: Bool {
        let told = values(of: "connection")
        guard !told.isEmpty else { return minorVersion == 1 }
        let options = told.joined(separator: ",").lowercased().split(separator: ",")
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        if options.contains("close") { return false }
        return minorVersion == 1 || options.contains("keep-alive")
    }

    private func values(of name: String) -> [String] {
        headers.filter { $0.isNamed(name) }.map(\.value)
    }

    /// Digits alone.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

extension UInt8 {
    /// Whether it may stand in a value: no control character but the tab.
    fileprivate var isFieldByte: Bool { self >= 0x20 && self != 0x7F || self == 0x09 }

    var isHexadecimalDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
