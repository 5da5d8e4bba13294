import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

/// What a far side may do wrong has a name each.
@Suite struct MalformedInputTests {
    static let zero = "00000000-0000-0000-0000-000000000000"
    static let pipeline = "421bf05d-4b35-4120-8c64-707a084afc93"

    /// A line after the first element that ends a server's session, and is told apart by a client (ForeignTextTests).
    @Test("A line that is text alone is an error to a server", arguments: ["", "hello there"])
    func textToAServer(_ line: String) throws {
        var decoder = OutOfProcessDecoder(side: .server, limits: SessionLimits())
        decoder.receive("<DataAck PSGuid='\(Self.zero)' />\n\(line)\n".wire)
        #expect(try decoder.next() != nil)
        let error = #expect(throws: PSRPError.self) { try decoder.next() }
        #expect(error?.code == .malformedElement)
    }

    /// A line after the first element, and the code that it ends a session with, whoever reads it.
    static let lines: [(String, PSRPError.Code)] = [
        ("<Nonsense PSGuid='\(zero)' />", .malformedElement),
        ("<Close/>", .malformedElement),
        ("<Close PSGuid='\(zero)' Stream='Default' />", .malformedElement),
        ("<Close PSGuid='\(zero)'>text</Close>", .malformedElement),
        ("<Close PSGuid='\(zero)' PSGuid='\(zero)' />", .malformedElement),
        ("<Close PSGuid='{\(zero)}' />", .malformedElement),
        ("<Close PSGuid=\(zero) />", .malformedElement),
        ("<Close PSGuid='\(zero)' /> more", .malformedElement),
        ("<Close PSGuid='\(zero)'", .malformedElement),
        ("<close PSGuid='\(zero)' />", .malformedElement),
        ("<Data PSGuid='\(zero)'>QUJD</Data>", .malformedElement),
        ("<Data Stream='Other' PSGuid='\(zero)'>QUJD</Data>", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)'></Data>", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)' />", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)'>!!!!</Data>", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)'>QUJ</Data>", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)'>Q=JD</Data>", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)'>QUJD", .malformedElement),
        ("<Data Stream='Default' PSGuid='\(zero)'>QUJD</Date>", .malformedElement),
    ]

    @Test("A line that is not an element is an error once the first element has come", arguments: lines)
    func lineAfterTheFirstElement(_ line: String, _ code: PSRPError.Code) throws {
        for side in [OutOfProcessDecoder.Side.client, .server] {
            var decoder = OutOfProcessDecoder(side: side, limits: SessionLimits())
            decoder.receive("<DataAck PSGuid='\(Self.zero)' />\n\(line)\n<DataAck PSGuid='\(Self.zero)' />\n".wire)
            #expect(try decoder.next() != nil)
            let error = #expect(throws: PSRPError.self) { try decoder.next() }
            #expect(error?.code == code)
        }
    }

    @Test("An element of very many attributes is refused at the third, whoever reads it")
    func veryManyAttributes() throws {
        let attributes = (0..<60_000).map { number in
            let letters = String(number, radix: 26).utf8.map { String(UnicodeScalar(0x61 + $0 % 26)) }.joined()
            return " A\(letters)\(String(repeating: "b", count: number % 7))=''"
        }
        let lines = [
            "<Data\(attributes.joined())>QUJD</Data>", "<Close\(attributes.joined()) />",
            "<Close PSGuid='\(Self.zero)'\(String(repeating: " ", count: 900_000))a='' b='' />",
        ]
        for line in lines {
            #expect(line.utf8.count > 500_000)
            for side in [OutOfProcessDecoder.Side.client, .server] {
                var decoder = OutOfProcessDecoder(side: side, limits: SessionLimits())
                decoder.receive("<DataAck PSGuid='\(Self.zero)' />\n\(line)\n".wire)
                #expect(try decoder.next() != nil)
                let began = processorMilliseconds()
                let error = #expect(throws: PSRPError.self) { try decoder.next() }
                #expect(error?.code == .malformedElement)
                #expect(processorMilliseconds() - began < 200, "before, this took minutes")
            }
        }
    }

    @Test("Other spellings of the same element are taken")
    func otherSpellingsAreTaken() throws {
        var decoder = OutOfProcessDecoder(side: .server, limits: SessionLimits())
        let lines = [
            "\u{FEFF}<Command PSGuid='\(Self.pipeline)' />",
            "  <Command  PSGuid = \"\(Self.pipeline.uppercased())\"/>\r",
            "<Command PSGuid='\(Self.pipeline)'></Command>",
            "<Data PSGuid='\(Self.pipeline)' Stream='PromptResponse'>QUI=</Data >",
        ]
        decoder.receive((lines.joined(separator: "\n") + "\n").wire)
        let pipeline = try #require(PSGuid(Self.pipeline))
        for _ in 0..<3 { #expect(try decoder.next() == .element(OutOfProcessElement(.command, pipeline))) }
        #expect(
            try decoder.next() == .element(OutOfProcessElement(.data(.promptResponse, [0x41, 0x42]), pipeline))
        )
        #expect(try decoder.next() == nil)
    }

    // MARK: - Lines that are not elements

    @Test("Text before the first element is skipped and reported")
    func welcomeTextIsSkippedAndReported() throws {
        var client = opened(welcome: "Welcome to web01.\n\n<b>Have a nice day</b>\n")
        try client.receive([])
        #expect(client.nextEvent() == .noise("Welcome to web01."))
        #expect(client.nextEvent() == .noise(""))
        #expect(client.nextEvent() == .noise("<b>Have a nice day</b>"))
        #expect(client.nextEvent() == nil)
    }

    @Test("The last words of a far side that ends are reported")
    func lastWordsAreReported() throws {
        var client = opened(welcome: "This service allows sftp connections only.")
        #expect(throws: PSRPError.self) { try client.receiveEnd() }
        #expect(client.nextEvent() == .noise("This service allows sftp connections only."))
        #expect(client.nextEvent() == nil)
    }

    @Test("Too much text before the first element is an error")
    func tooMuchWelcomeTextIsAnError() throws {
        var client = opened(welcome: "")
        let text = String(repeating: "Welcome to web01, where nothing is what it seems.\n", count: 2000)
        let error = #expect(throws: PSRPError.self) { try client.receive(text.wire) }
        #expect(error?.code == .noise)
        #expect(error?.message.contains("Welcome to web01") == true)

        var endless = opened(welcome: "")
        let line = [UInt8](repeating: 0x2E, count: 2 << 20)
        #expect(throws: PSRPError.self) { try endless.receive(line) }
    }

    @Test("A line that is too long is the error of a limit")
    func lineTooLongIsALimit() throws {
        var client = opened(welcome: "<DataAck PSGuid='\(Self.zero)' />\n")
        let error = #expect(throws: PSRPError.self) { try client.receive([UInt8](repeating: 0x3C, count: 2 << 20)) }
        #expect(error?.code == .limit)
    }

    /// server/garbage-text: the far side's own words, without its stack trace.
    @Test("A line that reports an error is the far side's error")
    func errorLineIsTheFarSides() throws {
        for prefix in ["__NamedPipeError__:", "__HyperVSocketError__:"] {
            for welcome in ["", "<DataAck PSGuid='\(Self.zero)' />\n"] {
                var client = opened(welcome: welcome)
                let lines = "\(prefix)hello there   at System.Management.X()\n   at System.Management.Y()\n"
                let error = try #require(throws: PSRPError.self) { try client.receive(lines.wire) }
                #expect(error.code == .farSide)
                #expect(error.message == "The far side reports an error: hello there")
                #expect(throws: error) { try client.receive("<DataAck PSGuid='\(Self.zero)' />\n".wire) }
                #expect(throws: error) { try client.receiveEnd() }
                #expect(client.bytesToSend() == [])
            }
        }
    }

    /// Every captured server says more after its pool has closed.
    @Test("What comes after the close is not an error")
    func whatComesAfterTheCloseIsNoError() throws {
        var pair = SessionPair()
        pair.client.open()
        try pair.pump()
        pair.client.close()
        try pair.pump()
        try pair.client.receive("__NamedPipeError__:An unknown element \"\" was received.\n   at X\n\n".wire)
        try pair.client.receiveEnd()
        try pair.server.receive("\nanything\n".wire)
    }

    @Test("Elements that only the other side may send are errors")
    func elementsOfTheOtherSide() throws {
        for name in ["Command", "Signal", "Close"] {
            var client = opened(welcome: "")
            let error = #expect(throws: PSRPError.self) {
                try client.receive("<\(name) PSGuid='\(Self.zero)' />\n".wire)
            }
            #expect(error?.code == .malformedElement)
        }
        for name in ["DataAck", "CommandAck", "SignalAck", "CloseAck"] {
            var server = OutOfProcessServer(configuration: ServerConfiguration())
            let error = #expect(throws: PSRPError.self) {
                try server.receive("<\(name) PSGuid='\(Self.zero)' />\n".wire)
            }
            #expect(error?.code == .malformedElement)
        }
    }

    @Test("A stream that ends too early is an error")
    func endOfTheStream() throws {
        var pair = SessionPair { (server, event) in
            if case .createPipeline = event { return }
            SessionPair.echo(&server, event)
        }
        var early = pair.client
        early.open()
        let beforeOpen = #expect(throws: PSRPError.self) { try early.receiveEnd() }
        #expect(beforeOpen?.code == .ended)
        pair.client.open()
        try pair.pump()
        var idle = pair.client
        let whileIdle = #expect(throws: PSRPError.self) { try idle.receiveEnd() }
        #expect(whileIdle?.code == .ended)
        _ = pair.client.create(.line("1"))
        try pair.pump()
        let whileRunning = #expect(throws: PSRPError.self) { try pair.client.receiveEnd() }
        #expect(whileRunning?.message == "The far side ended while a line ran.")
    }

    // MARK: - Messages

    @Test("Bodies that are not messages are errors")
    func messagesThatAreNone() throws {
        let good = Message(.runspacePoolState, to: .client, runspacePoolID: .zero, body: "<S></S>".wire).encoded
        #expect(code { try Message(decoding: Array(good.prefix(39))) } == .malformedMessage)
        #expect(code { try Message(decoding: [9] + good.dropFirst()) } == .malformedMessage)
        #expect(code { try Message(decoding: good.prefix(4) + [1, 2, 3, 4] + good.dropFirst(8)) } == .malformedMessage)
    }

    /// Messages to a client that end its session, after the pool has opened.
    static let bodies: [(MessageType, String, PSRPError.Code)] = [
        (.runspacePoolState, "<Obj RefId=\"0\"><MS></MS></Obj>", .malformedBody),
        (.runspacePoolState, "<Obj RefId=\"0\"><MS><S N=\"RunspaceState\">2</S></MS></Obj>", .malformedBody),
        (.runspacePoolState, "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">99</I32></MS></Obj>", .malformedBody),
        (.runspacePoolState, "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">5</I32></MS></Obj>", .farSide),
        (.runspacePoolState, "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">3</I32></MS></Obj>", .farSide),
        (.runspacePoolState, "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">7</I32></MS></Obj>", .farSide),
        (.runspacePoolState, "no XML", .malformedBody),
        (.runspacePoolState, "<Obj", .malformedBody),
        (.runspacePoolState, "<Unknown/>", .malformedBody),
        (.runspacePoolHostCall, "<Obj RefId=\"0\"><MS><I64 N=\"ci\">1</I64></MS></Obj>", .malformedBody),
        (
            .runspacePoolHostCall,
            "<Obj RefId=\"0\"><MS><I64 N=\"ci\">1</I64><I32 N=\"mi\">99</I32><Nil N=\"mp\"/></MS></Obj>",
            .malformedBody
        ),
        (.createPipeline, "<S></S>", .malformedMessage),
        (.pipelineOutput, "<S></S>", .malformedMessage),
        (.encryptedSessionKey, "<S></S>", .sessionKey),
        (.sessionCapability, "<S></S>", .malformedBody),
    ]

    @Test("A message that belongs to the opening is an error after it", arguments: bodies)
    func messageAfterTheOpening(_ type: MessageType, _ body: String, _ code: PSRPError.Code) throws {
        var pair = SessionPair()
        pair.client.open()
        try pair.pump()
        let message = Message(type, to: .client, runspacePoolID: .zero, body: body.wire)
        let error = #expect(throws: PSRPError.self) { try pair.client.receive(PSRPTests.lines(message)) }
        #expect(error?.code == code)
    }

    @Test("A message for the other side is an error")
    func messageForTheOtherSide() throws {
        var client = opened(welcome: "")
        let message = Message(.runspacePoolState, to: .server, runspacePoolID: .zero, body: "<S></S>".wire)
        #expect(code { try client.receive(PSRPTests.lines(message)) } == .malformedMessage)
        var server = OutOfProcessServer(configuration: ServerConfiguration())
        let other = Message(.sessionCapability, to: .client, runspacePoolID: .zero, body: "<S></S>".wire)
        #expect(code { try server.receive(PSRPTests.lines(other)) } == .malformedMessage)
    }

    @Test("An unknown host call that wants no reply is reported")
    func unknownHostCallWithoutReplyIsReported() throws {
        var pair = SessionPair()
        pair.client.open()
        try pair.pump()
        let body = "<Obj RefId=\"0\"><MS><I64 N=\"ci\">-100</I64><I32 N=\"mi\">99</I32><Nil N=\"mp\"/></MS></Obj>"
        let message = Message(.runspacePoolHostCall, to: .client, runspacePoolID: .zero, body: body.wire)
        try pair.client.receive(PSRPTests.lines(message))
        guard case .other(.runspacePoolHostCall, _)? = pair.client.nextEvent() else {
            Issue.record("no event")
            return
        }
    }

    @Test("Values that are too deep are the error of a limit")
    func depthIsALimit() throws {
        var client = opened(welcome: "")
        let open = String(repeating: "<Obj><LST>", count: 100)
        let close = String(repeating: "</LST></Obj>", count: 100)
        let message = Message(.applicationPrivateData, to: .client, runspacePoolID: .zero, body: (open + close).wire)
        #expect(code { try client.receive(PSRPTests.lines(message)) } == .limit)
    }

    /// A pipeline that this client does not know is nobody's, whatever is in it.
    @Test("Messages of unknown pipelines are ignored")
    func unknownPipelinesAreIgnored() throws {
        var pair = SessionPair()
        pair.client.open()
        try pair.pump()
        let unknown = try #require(PSGuid(Self.pipeline))
        var bytes: [UInt8] = []
        for kind in [
            OutOfProcessElement.Kind.dataAck, .commandAck, .signalAck, .closeAck, .data(.standard, [1, 2, 3]),
        ] {
            OutOfProcessElement(kind, unknown).write(to: &bytes)
        }
        try pair.client.receive(bytes)
        #expect(try pair.pump() == [])
        let pipeline = pair.client.create(.line("1"))
        #expect(try pair.pump().last == .ended(pipeline, .completed, nil))
    }

    // MARK: - Fixtures

    private func opened(welcome: String) -> OutOfProcessClient {
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        _ = client.bytesToSend()
        #expect(throws: Never.self) { try client.receive(welcome.wire) }
        return client
    }

    private func code(_ work: () throws -> some Any) -> PSRPError.Code? {
        do {
            _ = try work()
            return nil
        } catch {
            return (error as? PSRPError)?.code
        }
    }
}

extension String {
    var wire: [UInt8] { Array(utf8) }
}

/// What this thread has used of a processor.
private func processorMilliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}
