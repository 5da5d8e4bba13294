/// Reads answers of HTTP/1.x (RFC 9112) off a connection that carries one request at a time: fed with bytes that are cut
/// anywhere, it gives each answer when it is whole.
///
/// It is psrun's own. Debian 12 has one parser in C to link to, http-parser 2.9.4 (llhttp is there only as a part of
/// node). That one is seven times as long (2,575 lines and a header of 449), is not maintained since 2020, and is laxer:
/// of 17 answers that could be read in two ways it takes 10, as lines that end in a bare line feed, folded lines, a
/// coding before `chunked`, chunks in HTTP/1.0, a length under 204, a further answer behind the first. Callbacks with
/// pointers, and the bounds on bodies and on the number of fields, would be left to psrun all the same. What is needed
/// here is an answer to one request, and where a server and a proxy could read it differently (smuggling) it is refused:
///
/// - lines end in CR LF, names are words with the colon right behind them, no line is folded;
/// - one `Content-Length`, digits alone; or `Transfer-Encoding: chunked` alone; both, or either twice, is an error;
/// - bytes behind an answer, or before a request, are an error.
package struct HTTPResponseReader: Sendable {
    private enum State: Sendable {
        /// No request is on its way.
        case idle
        case head
        case body(remaining: Int)
        /// Until the connection ends.
        case open
        case chunkSize
        case chunk(remaining: Int)
        /// The line end behind a chunk.
        case chunkEnd
        case trailer
    }

    private let limits: HTTPLimits
    private var state = State.idle
    private var isConnect = false
    /// The line that is being read, without its end.
    private var line: [UInt8] = []
    private var hasReturn = false
    private var headBytes = 0
    private var fields = 0
    private var interim = 0
    private var head: HTTPHead?
    private var body: [UInt8] = []

    package init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Whether nothing of an answer has come yet: the connection may end here without a loss of what was said.
    package var isAtRest: Bool {
        switch state {
        case .idle: true
        case .head: headBytes == 0
        case .body, .open, .chunkSize, .chunk, .chunkEnd, .trailer: false
        }
    }

    /// A request is on its way: its answer may come.
    /// - Parameter connect: whether it is a CONNECT, whose answer has no body where it says yes.
    package mutating func begin(connect: Bool = false) {
        state = .head
        isConnect = connect
        line = []
        hasReturn = false
        headBytes = 0
        fields = 0
        interim = 0
        head = nil
        body = []
    }

    /// Takes what came.
    /// - Returns: the answer, when it is whole.
    /// - Throws: HTTPFault; the connection is of no use any more.
    package mutating func feed(_ bytes: [UInt8]) throws(HTTPFault) -> HTTPResponse? {
        var at = 0
        var response: HTTPResponse?
        while at < bytes.count {
            guard response == nil else { throw HTTPFault(.unasked, "bytes came behind the answer") }
            switch state {
            case .idle: throw HTTPFault(.unasked, "bytes came that no request had asked for")
            case .body(let remaining):
                let count = min(remaining, bytes.count - at)
                body += bytes[at..<at + count]
                at += count
                state = .body(remaining: remaining - count)
                if remaining == count { response = finish(keepsAlive: true) }
            case .open:
                guard body.count + bytes.count - at <= limits.body else { throw tooLarge() }
                body += bytes[at...]
                at = bytes.count
            case .chunk(let remaining):
                let count = min(remaining, bytes.count - at)
                body += bytes[at..<at + count]
                at += count
                state = remaining == count ? .chunkEnd : .chunk(remaining: remaining - count)
            case .head, .chunkSize, .chunkEnd, .trailer:
                if try takeLine(bytes[at]) { response = try endLine() }
                at += 1
            }
        }
        return response
    }

    /// The connection ended.
    /// - Returns: the answer whose end that is; nil where none was on its way.
    /// - Throws: `.truncated` within an answer, or where one was due.
    package mutating func end() throws(HTTPFault) -> HTTPResponse? {
        switch state {
        case .idle: return nil
        case .open: return finish(keepsAlive: false)
        case .head where headBytes == 0: throw HTTPFault(.truncated, "the connection ended without an answer")
        case .head, .body, .chunkSize, .chunk, .chunkEnd, .trailer:
            throw HTTPFault(.truncated, "the connection ended within the answer")
        }
    }

    // MARK: - Lines

    /// - Returns: whether the line is whole now.
    private mutating func takeLine(_ byte: UInt8) throws(HTTPFault) -> Bool {
        headBytes += 1
        guard headBytes <= limits.head else {
            throw HTTPFault(.tooLarge, "a head of more than \(limits.head) bytes")
        }
        if hasReturn {
            guard byte == 0x0A else { throw HTTPFault(.malformed, "a carriage return without a line feed") }
            hasReturn = false
            return true
        }
        switch byte {
        case 0x0D: hasReturn = true
        case 0x0A: throw HTTPFault(.malformed, "a line feed without a carriage return")
        default: line.append(byte)
        }
        return false
    }

    private mutating func endLine() throws(HTTPFault) -> HTTPResponse? {
        defer { line.removeAll(keepingCapacity: true) }
        switch state {
        case .head:
            guard head != nil else {
                head = try HTTPHead(statusLine: line)
                return nil
            }
            guard line.isEmpty else {
                try takeField()
                return nil
            }
            return try beginBody()
        case .chunkSize: try beginChunk()
        case .chunkEnd:
            guard line.isEmpty else { throw HTTPFault(.malformed, "a chunk that is longer than it says") }
            state = .chunkSize
        case .trailer:
            guard line.isEmpty else {
                // A trailer's fields are checked and dropped: none may change how the answer is read.
                _ = try HTTPHead.field(line)
                try countField()
                return nil
            }
            return finish(keepsAlive: true)
        case .idle, .body, .open, .chunk: break
        }
        return nil
    }

    private mutating func takeField() throws(HTTPFault) {
        try countField()
        head?.headers.append(try HTTPHead.field(line))
    }

    private mutating func countField() throws(HTTPFault) {
        fields += 1
        guard fields <= limits.fields else {
            throw HTTPFault(.tooLarge, "more than \(limits.fields) fields")
        }
    }

    // MARK: - Bodies

    private mutating func beginBody() throws(HTTPFault) -> HTTPResponse? {
        guard let head else { return nil }
        if (100..<200).contains(head.status) {
            guard head.status != 101 else { throw HTTPFault(.malformed, "a change of protocol that was not asked for") }
            interim += 1
            guard interim <= limits.interim else {
                throw HTTPFault(.tooLarge, "more than \(limits.interim) interim answers")
            }
            self.head = nil
            return nil
        }
        switch try head.framing(isConnect: isConnect) {
        case .none: return finish(keepsAlive: true)
        case .length(let length):
            guard length <= limits.body else { throw tooLarge() }
            if length == 0 { return finish(keepsAlive: true) }
            body.reserveCapacity(length)
            state = .body(remaining: length)
        case .chunked: state = .chunkSize
        case .untilEnd: state = .open
        }
        return nil
    }

    /// A chunk's size in hexadecimal, and perhaps extensions, which say nothing to this reader.
    private mutating func beginChunk() throws(HTTPFault) {
        let size = line.prefix { $0 != UInt8(ascii: ";") }
        let rest = line[size.endIndex...]
        let digits = size.reversed().drop { rest.isEmpty ? false : $0 == 0x20 || $0 == 0x09 }.reversed()
        guard !digits.isEmpty, digits.count <= 8, digits.allSatisfy(\.isHexadecimalDigit),
            let length = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw HTTPFault(.malformed, "a chunk without a size") }
        guard body.count + length <= limits.body else { throw tooLarge() }
        state = length == 0 ? .trailer : .chunk(remaining: length)
    }

    private mutating func finish(keepsAlive: Bool) -> HTTPResponse? {
        // Nothing of an answer is kept while the connection waits.
        defer {
            state = .idle
            self.head = nil
            body = []
            line = []
        }
        guard let head else { return nil }
        return HTTPResponse(
            status: head.status,
            reason: head.reason,
            headers: head.headers,
            body: body,
            keepsAlive: keepsAlive && head.keepsAlive
        )
    }

    private func tooLarge() -> HTTPFault {
        HTTPFault(.tooLarge, "an answer of more than \(limits.body) bytes")
    }
}
