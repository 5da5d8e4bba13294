import HTTPMessages
import PSRunTestSupport
import Testing

@Suite struct HTTPResponseReaderTests {
    /// Reads one answer, cut at these places; the connection ends behind it where `ends` says so.
    private static func read(
        _ text: String,
        cuts: [Int] = [],
        ends: Bool = false,
        connect: Bool = false,
        limits: HTTPLimits = HTTPLimits(envelope: 3000)
    ) throws(HTTPFault) -> HTTPResponse? {
        let bytes = Array(text.utf8)
        var reader = HTTPResponseReader(limits: limits)
        reader.begin(connect: connect)
        var response: HTTPResponse?
        var start = 0
        for end in cuts + [bytes.count] {
            if let whole = try reader.feed(Array(bytes[start..<end])) { response = whole }
            start = end
        }
        if ends, let last = try reader.end() { response = last }
        return response
    }

    /// What servers answer: OMI, http.sys, apache, lighttpd, a Python peer, a proxy.
    static let answers: [(text: String, ends: Bool, status: Int, body: String, keepsAlive: Bool)] = [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n"
                + "Content-Type: application/soap+xml;charset=UTF-8\r\n\r\n<a/>\n", false, 200, "<a/>\n", true
        ),
        (
            "HTTP/1.1 401 \r\nServer: Microsoft-HTTPAPI/2.0\r\nWWW-Authenticate: Negotiate oYG\r\n"
                + "WWW-Authenticate:\tBasic realm=\"WSMAN\" \r\nContent-Length: 0\r\n\r\n", false, 401, "", true
        ),
        ("HTTP/1.1 500\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", false, 500, "no", false),
        ("HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nno", false, 200, "no", false),
        ("HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6\r\n\r\nuntil the end", true, 200, "until the end", false),
        ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n1", false, 200, "1", true),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n00A;x=\"y\"\r\n0123456789\r\n"
                + "0\r\nX-Trailer: 1\r\n\r\n", false, 200, "<a/>0123456789", true
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes", false, 200, "yes", true
        ),
        ("HTTP/1.1 204 No Content\r\n\r\n", false, 204, "", true),
        ("HTTP/1.1 302 Found\r\nLocation: http://web02/wsman\r\nContent-Length: 0\r\n\r\n", false, 302, "", true),
    ]

    @Test("An answer is the same, however its bytes are cut", arguments: answers.indices)
    func cuts(_ index: Int) throws {
        let answer = Self.answers[index]
        let count = answer.text.utf8.count
        let whole = try #require(try Self.read(answer.text, ends: answer.ends))
        #expect(whole.status == answer.status)
        #expect(String(decoding: whole.body, as: UTF8.self) == answer.body)
        #expect(whole.keepsAlive == answer.keepsAlive)
        for cut in 0...count {
            #expect(try Self.read(answer.text, cuts: [cut], ends: answer.ends) == whole)
        }
        for (first, second) in stride(from: 0, to: count, by: 7).flatMap({ first in
            stride(from: first, to: count, by: 5).map { (first, $0) }
        }) {
            #expect(try Self.read(answer.text, cuts: [first, second], ends: answer.ends) == whole)
        }
        #expect(try Self.read(answer.text, cuts: Array(1..<count), ends: answer.ends) == whole)
    }

    @Test("An answer that ends too early is truncated, wherever that is", arguments: answers.indices)
    func truncated(_ index: Int) throws {
        let answer = Self.answers[index]
        let bytes = Array(answer.text.utf8)
        for end in 0..<bytes.count {
            var reader = HTTPResponseReader(limits: HTTPLimits(envelope: 3000))
            reader.begin()
            #expect(try reader.feed(Array(bytes[..<end])) == nil)
            // What goes on to the connection's end is whole wherever that is: HTTP/1.0 knows no better.
            if answer.ends, answer.text.utf8.prefix(end).contains("\r\n\r\n".utf8) { continue }
            let fault = #expect(throws: HTTPFault.self) { try reader.end() }
            #expect(fault?.code == .truncated)
            #expect(reader.isAtRest == (end == 0))
        }
    }

    @Test("Fields are found whatever their case, all of them")
    func fields() throws {
        let response = try #require(try Self.read(Self.answers[1].text))
        #expect(response.values(of: "www-authenticate") == ["Negotiate oYG", "Basic realm=\"WSMAN\""])
        #expect(response.value(of: "SERVER") == "Microsoft-HTTPAPI/2.0")
        #expect(response.value(of: "X") == nil)
        #expect(response.reason == "")
    }

    @Test(
        "What could be read in two ways is refused",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: 1 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nyes",
            "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 1\n\n1",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\n\r\n1",
            "HTTP/1.1 200 OK\rContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\n X: a\r\nContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\n: 1\r\nContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nX\r\nContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nX: a\u{0}b\r\nContent-Length: 1\r\n\r\n1",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\na\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX y\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
            "HTTP/2 200\r\n\r\n", "HTTP/1.2 200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 99 OK\r\n\r\n",
            "HTTP/1.1 600 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n", "http/1.1 200 OK\r\n\r\n", " HTTP/1.1 200 OK\r\n\r\n",
            "\r\nHTTP/1.1 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "<html>\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
            "\u{16}\u{3}\u{3}\u{0}\r\n",
        ]
    )
    func ambiguous(_ text: String) {
        let fault = #expect(throws: HTTPFault.self) { try Self.read(text) }
        #expect(fault?.code == .malformed || fault?.code == .tooLarge)
        #expect(throws: HTTPFault.self) { try Self.read(text, cuts: Array(1..<text.utf8.count)) }
    }

    @Test("Bytes behind an answer, or before a request, are unasked")
    func unasked() throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        let together = #expect(throws: HTTPFault.self) { try Self.read(answer + answer) }
        #expect(together?.code == .unasked)
        var reader = HTTPResponseReader(limits: HTTPLimits(envelope: 3000))
        let early = #expect(throws: HTTPFault.self) { try reader.feed(Array(answer.utf8)) }
        #expect(early?.code == .unasked)
        reader.begin()
        #expect(try reader.feed(Array(answer.utf8))?.status == 200)
        #expect(try reader.end() == nil, "a connection may end between requests")
        #expect(throws: HTTPFault.self) { try reader.feed([0x48]) }
        reader.begin()
        #expect(try reader.feed(Array(answer.utf8))?.status == 200, "and another request on the same connection")
    }

    @Test("What CONNECT is answered has no body where it is a yes, and one where it is a no")
    func connect() throws {
        let yes = try Self.read("HTTP/1.1 200 Connection established\r\nContent-Length: 9\r\n\r\n", connect: true)
        #expect(yes?.status == 200 && yes?.body == [])
        let no = try Self.read("HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno", connect: true)
        #expect(no?.body == Array("no".utf8))
    }

    @Test("Heads, fields, interim answers and bodies are bounded, each by one more")
    func bounds() throws {
        var limits = HTTPLimits(envelope: 3000)
        #expect(limits.head == 65_536 && limits.body == 8096)
        func code(_ text: String) -> HTTPFault.Code? {
            do { _ = try Self.read(text, limits: limits) } catch { return error.code }
            return nil
        }
        let start = "HTTP/1.1 200 OK\r\n"
        let rest = "Content-Length: 0\r\n\r\n"
        let room = limits.head - start.utf8.count - rest.utf8.count - "X: \r\n".utf8.count
        #expect(code(start + "X: " + String(repeating: "x", count: room) + "\r\n" + rest) == nil)
        #expect(code(start + "X: " + String(repeating: "x", count: room + 1) + "\r\n" + rest) == .tooLarge)
        #expect(code(start + String(repeating: "X: y\r\n", count: 255) + rest) == nil)
        #expect(code(start + String(repeating: "X: y\r\n", count: 256) + rest) == .tooLarge)
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        #expect(code(String(repeating: interim, count: 16) + start + rest) == nil)
        #expect(code(String(repeating: interim, count: 17) + start + rest) == .tooLarge)
        limits.body = 10
        #expect(code(start + "Content-Length: 10\r\n\r\n0123456789") == nil)
        #expect(code(start + "Content-Length: 11\r\n\r\n") == .tooLarge)
        #expect(code(start + "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n6\r\n") == .tooLarge)
        #expect(code(start + "\r\n0123456789") == nil)
        #expect(code(start + "\r\n0123456789a") == .tooLarge)
        limits.head = 200
        let chunks = String(repeating: "1\r\na\r\n", count: 40)
        limits.body = 1000
        #expect(code(start + "Transfer-Encoding: chunked\r\n\r\n" + chunks) == .tooLarge, "chunks of one byte")
    }

    @Test("A hundred thousand damaged answers are read or refused, and never more than their bytes")
    func damaged() {
        var random = SplitMix64(seed: 16)
        for turn in 0..<100_000 {
            var bytes = Array(Self.answers[turn % Self.answers.count].text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
                }
            }
            var reader = HTTPResponseReader(limits: HTTPLimits(envelope: 3000))
            reader.begin()
            guard let response = try? reader.feed(bytes) else { continue }
            #expect(response.body.count <= bytes.count)
        }
    }
}
