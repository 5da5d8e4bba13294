import HTTPMessages
import Testing

@Suite struct HTTPRequestTests {
    @Test("A request is written whole, its host first and its length last")
    func written() throws {
        let headers = [HTTPHeader("Content-Type", "application/soap+xml;charset=UTF-8")]
        let body = Array("hé".utf8)
        let request = try HTTPRequest(target: "/wsman?x=1", host: "web01:5985", headers: headers, body: body)
        #expect(
            String(decoding: request.bytes, as: UTF8.self)
                == "POST /wsman?x=1 HTTP/1.1\r\nHost: web01:5985\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n"
                + "Content-Length: 3\r\n\r\nhé"
        )
        let empty = try HTTPRequest(target: "/wsman", host: "web01", headers: [])
        #expect(String(decoding: empty.bytes, as: UTF8.self).hasSuffix("Content-Length: 0\r\n\r\n"))
    }

    @Test(
        "What would end a line, or be another field, is refused",
        arguments: [
            ("/wsman", "web01\r\nX: y", "A", "b"), ("/wsman", "web01", "A\r\nB", "b"), ("/wsman", "web01", "A", "b\nc"),
            ("/a b", "web01", "A", "b"), ("/é", "web01", "A", "b"), ("", "web01", "A", "b"),
            ("/wsman", "web01", "", "b"), ("/wsman", "web01", "A:", "b"), ("/wsman", "web01", "A", "b\u{0}"),
            ("/wsman", "web01", "content-LENGTH", "9"), ("/wsman", "web01", "Transfer-Encoding", "chunked"),
            ("/wsman", "web01", "host", "web02"),
        ]
    )
    func injected(_ target: String, _ host: String, _ name: String, _ value: String) {
        #expect(throws: HTTPFault.self) {
            try HTTPRequest(target: target, host: host, headers: [HTTPHeader(name, value)])
        }
    }

    @Test(
        "A field has its name in any case, and characters that are not letters have none",
        arguments: [
            ("Content-Type", "content-type", true), ("CONTENT-TYPE", "Content-Type", true), ("A", "AB", false),
            ("Content_Type", "Content-Type", false), ("x@y", "x`y", false), ("x[y", "x{y", false), ("é", "É", false),
        ]
    )
    func names(_ name: String, _ other: String, _ isSame: Bool) {
        #expect(HTTPHeader(name, "").isNamed(other) == isSame)
        #expect(HTTPHeader(other, "").isNamed(name) == isSame)
    }
}
