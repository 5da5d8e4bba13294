import CLIXML
import PSRunTestSupport
import Testing

@testable import WSManEnvelope

@Suite struct ReplyTests {
    static func envelope(_ body: String, header: String = "") -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" \
            xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="urn:w" xmlns:r="urn:r">\
            <s:Header>\(header)</s:Header><s:Body>\(body)</s:Body></s:Envelope>
            """.utf8
        )
    }

    private func answer(_ body: String, _ operation: WSManOperation) throws(EnvelopeError) -> WSManAnswer {
        try WSManReply(Self.envelope(body), to: operation).answer
    }

    @Test("The message that is answered is known by its GUID, of either case, with any prefix")
    func relates() throws {
        let header =
            "<a:To>x</a:To><a:RelatesTo> uuid:583D0C21-19C7-4FA8-8C86-4c65500e4fa3</a:RelatesTo><x xmlns=\"u\"><y/></x>"
        let reply = try WSManReply(Self.envelope("", header: header), to: .delete)
        #expect(reply.relatesTo == PSGuid("583d0c21-19c7-4fa8-8c86-4c65500e4fa3"))
        #expect(reply.answer == .done)
        #expect(try WSManReply(Self.envelope(""), to: .delete).relatesTo == nil)
    }

    @Test("A shell's name is the selector's, byte for byte, whatever else the answer holds")
    func created() throws {
        let created =
            "<x:ResourceCreated xmlns:x=\"u\"><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>u</w:ResourceURI>"
            + "<w:SelectorSet><w:Selector Name=\"Other\">no</w:Selector><w:Selector Name=\"ShellID\">aB&amp;c</w:Selector>"
            + "</w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
        let shell = "<r:Shell><r:ShellId>other</r:ShellId></r:Shell>"
        let operation = WSManOperation.create(shellID: "X", creationXml: [])
        #expect(try answer(created, operation) == .created(shellID: "aB&c"))
        #expect(try answer(created + shell, operation) == .created(shellID: "aB&c"))
        #expect(try answer(shell + created, operation) == .created(shellID: "aB&c"))
        #expect(throws: EnvelopeError.self) { try answer(shell, operation) }
    }

    @Test("A Receive's answer may hold streams, a state, an exit code, or nothing at all")
    func received() throws {
        func output(_ content: String) throws -> ReceivedOutput? {
            let body = "<r:ReceiveResponse>\(content)</r:ReceiveResponse>"
            guard case .received(let output) = try answer(body, .receive(commandID: nil)) else { return nil }
            return output
        }
        let done = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"
        let whole = try #require(
            try output(
                """
                <r:Stream Name="stdout" CommandId="C">AQID</r:Stream><r:Stream Name="stderr">AQID</r:Stream>
                <r:Stream Name="stdout">BA
                ==</r:Stream><r:Stream Name="stdout" End="true"></r:Stream><r:Stream Name="stdout" End="true"/>
                <r:CommandState CommandId="C" State="\(done)"><r:ExitCode>-1</r:ExitCode></r:CommandState>
                """
            )
        )
        #expect(whole.streams == [[1, 2, 3], [4]])
        #expect(whole.state == .done && whole.exitCode == -1)
        #expect(try output("") == ReceivedOutput())
        #expect(try output("<r:CommandState State=\"x/Pending\"/>")?.state == .pending)
        #expect(try output("<r:CommandState State=\"x/Odd\"/>")?.state == nil)
        #expect(try output("<r:CommandState/>") == ReceivedOutput())
        #expect(throws: EnvelopeError.self) { try output("<r:Stream Name=\"stdout\">A</r:Stream>") }
        #expect(throws: EnvelopeError.self) { try output("<r:Stream Name=\"stdout\"><x/></r:Stream>") }
    }

    @Test("What needs no answer takes any body, and what needs one does not")
    func needed() throws {
        for body in ["", "<r:SignalResponse/>", "<r:Anything><x/></r:Anything>", "  "] {
            #expect(try answer(body, .signal(commandID: "C", .stop)) == .done)
            #expect(throws: EnvelopeError.self) { try answer(body, .command(commandID: "C", arguments: [])) }
            #expect(throws: EnvelopeError.self) { try answer(body, .receive(commandID: nil)) }
        }
        #expect(
            try answer(
                "<r:CommandResponse><r:CommandId>c1</r:CommandId></r:CommandResponse>",
                .command(commandID: "C", arguments: [])
            ) == .command(commandID: "c1")
        )
    }

    @Test("NULs behind an envelope, as sealed ones have, are nobody's")
    func filled() throws {
        let bytes = Self.envelope("")
        #expect(try WSManReply(bytes + [UInt8](repeating: 0, count: 15), to: .delete).answer == .done)
        #expect(throws: EnvelopeError.self) { try WSManReply([0, 0, 0], to: .delete) }
        #expect(throws: EnvelopeError.self) { try WSManReply([], to: .delete) }
        #expect(throws: EnvelopeError.self) { try WSManReply(bytes + Array("x".utf8), to: .delete) }
        #expect(throws: EnvelopeError.self) { try WSManReply(bytes + bytes, to: .delete) }
    }

    @Test(
        "What is not a SOAP envelope is refused",
        arguments: [
            "<html><body>no</body></html>", "<Envelope/>", "text", "<s:Envelope/>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>",
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/></s:Envelope>",
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"></s:Envelope>",
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body></s:Envelope>",
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" a=\"1\" a=\"2\"><s:Body/></s:Envelope>",
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>&x;</s:Body></s:Envelope>",
        ]
    )
    func notSOAP(_ text: String) {
        #expect(throws: EnvelopeError.self) { try WSManReply(Array(text.utf8), to: .delete) }
    }

    @Test("Depth, elements, namespaces and bytes of an answer are bounded, each by one more")
    func bounds() throws {
        var limits = EnvelopeLimits()
        limits.envelope = 30_000
        limits.elements = 100
        func read(_ body: String) -> EnvelopeError.Code? {
            do { _ = try WSManReply(Self.envelope(body), to: .delete, limits: limits) } catch { return error.code }
            return nil
        }
        func nested(_ depth: Int) -> String {
            String(repeating: "<x>", count: depth) + String(repeating: "</x>", count: depth)
        }
        #expect(read(nested(30)) == nil)
        #expect(read(nested(31)) == .tooLarge)
        #expect(read(nested(4000)) == .tooLarge)
        #expect(read(String(repeating: "<x/>", count: 97)) == nil)
        #expect(read(String(repeating: "<x/>", count: 98)) == .tooLarge)
        let bound = (0..<123).map { "xmlns:p\($0)=\"u\"" }.joined(separator: " ")
        #expect(read("<x \(bound)/>") == nil)
        #expect(read("<x \(bound) xmlns:q=\"u\"/>") == .tooLarge)
        let room = limits.largestAnswer - Self.envelope("<x></x>").count
        #expect(read("<x>\(String(repeating: "y", count: room))</x>") == nil)
        #expect(read("<x>\(String(repeating: "y", count: room + 1))</x>") == .tooLarge)
    }

    @Test("Fifty thousand damaged answers are read or refused")
    func damaged() {
        var random = SplitMix64(seed: 16)
        let bodies: [(String, WSManOperation)] = [
            (
                "<r:ReceiveResponse><r:Stream Name=\"stdout\">AQID</r:Stream></r:ReceiveResponse>",
                .receive(commandID: nil)
            ),
            (FaultTests.windows, .delete),
        ]
        for turn in 0..<50_000 {
            let (body, operation) = bodies[turn % bodies.count]
            var bytes = Self.envelope(body)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 9))
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 20)], at: place)
                }
            }
            _ = try? WSManReply(bytes, to: operation)
        }
    }
}
