import CLIXML
import PSRunTestSupport
import Testing

@testable import PSRP
@testable import PSRPEndpoint

@Suite("Pipelines become requests to a shell")
struct EndpointSessionTests {
    private static let facts = EndpointFacts(
        user: "op",
        computer: "web01",
        processID: 7,
        isPrivileged: false,
        shell: "sh",
        operatingSystem: "Linux",
        version: "0"
    )

    static func opened() throws -> EndpointSession {
        var session = EndpointSession(
            facts: facts,
            now: { PSDateTime(ticks: 0, zone: .utc) },
            workingDirectory: { _ in "/home/op" }
        )
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        try session.receive(client.bytesToSend())
        _ = session.bytesToSend()
        return session
    }

    /// What a client sends that does not wait for anything: Command, and at once CREATE_PIPELINE.
    static func creation(of request: PipelineRequest, _ id: PSGuid) -> [UInt8] {
        var fragmenter = MessageFragmenter(to: .server, runspacePoolID: .zero)
        var bytes: [UInt8] = []
        OutOfProcessElement(.command, id).write(to: &bytes)
        var message = fragmenter.begin(.createPipeline, encodeCLIXML(request.value), pipeline: id)
        var fragment: [UInt8] = []
        message.appendNext(to: &fragment, largest: CarriageTraits.outOfProcess.largestFragment)
        OutOfProcessElement(.data(.standard, fragment), id).write(to: &bytes)
        return bytes
    }

    static func element(_ kind: OutOfProcessElement.Kind, _ id: PSGuid) -> [UInt8] {
        var bytes: [UInt8] = []
        OutOfProcessElement(kind, id).write(to: &bytes)
        return bytes
    }

    /// A running pipeline of which `lines` lines came from its shell, and nothing was sent yet.
    private func flooded(_ lines: ClosedRange<Int>) throws -> EndpointSession {
        var session = try Self.opened()
        try session.receive(Self.creation(of: .line("seq"), first))
        session.handle(.checked(.complete))
        while session.nextRequest() != nil {}
        _ = session.bytesToSend()
        session.handle(.output(Array(lines.map { "\($0)\n" }.joined().utf8), .output))
        return session
    }

    @Test("A shell that looks at a text as it runs it is asked for both at once, and may say that it did not run")
    func lookAndRunTogether() throws {
        var session = try Self.opened()
        session.runsAsItChecks = true
        try session.receive(Self.creation(of: .line("if"), first))
        #expect(session.nextRequest()?.request == .check("if"))
        #expect(session.nextRequest()?.request == .run("if", lastStatus: 0, hasInput: false))
        session.handle(.checked(.incomplete(message: "unexpected end of file")))
        #expect(try Self.messageTypes(in: session.bytesToSend()).contains(.pipelineState))
        #expect(session.nextRequest() == nil)
    }

    private static func messageTypes(in bytes: [UInt8]) throws -> [MessageType] {
        var decoder = OutOfProcessDecoder(side: .client, limits: SessionLimits())
        var reassembler = FragmentReassembler(limits: SessionLimits())
        decoder.receive(bytes)
        var types: [MessageType] = []
        while let item = try decoder.next() {
            guard case .element(let element) = item, case .data(_, let fragments) = element.kind else { continue }
            for message in try reassembler.receive(fragments) { types.append(try Message(decoding: message).type) }
        }
        return types
    }

    private static func lineCount(_ bytes: [UInt8]) -> Int {
        bytes.count { $0 == UInt8(ascii: "\n") }
    }

    @Test("What waits of a stopped pipeline's output is dropped, and what comes later, too; its end is told")
    func stoppedFlood() throws {
        var session = try flooded(1...5_000)
        let begun = Self.lineCount(session.bytesToSend(limit: 10_000))
        #expect((1...30).contains(begun))
        try session.receive(Self.element(.signal, first))
        #expect(session.nextRequest()?.request == .interrupt)
        session.handle(.output(Array("late\nand later".utf8), .output))
        session.handle(.output(Array("sh: interrupted\n".utf8), .error))
        session.handle(.ended(status: 130))
        let rest = String(decoding: session.bytesToSend(), as: UTF8.self)
        #expect(Self.lineCount(Array(rest.utf8)) == 2)
        #expect(rest.hasPrefix("<Data Stream='Default' PSGuid='\(first)'>"))
        #expect(rest.hasSuffix("<SignalAck PSGuid='\(first)' />\n"))
    }

    @Test("A pipeline that has ended already, but whose output has not been sent, is stopped as well")
    func stoppedAfterItsEnd() throws {
        var session = try flooded(1...5_000)
        session.handle(.ended(status: 0))
        try session.receive(Self.element(.signal, first) + Self.creation(of: .prompt, second))
        let rest = session.bytesToSend()
        // The state and the ack; and of the prompt, two acks, its text and its state.
        #expect(Self.lineCount(rest) == 6)
    }

    @Test("A message that was sent in part is sent to its end")
    func cutMessage() throws {
        var session = try Self.opened()
        try session.receive(Self.creation(of: .line("cat"), first))
        session.handle(.checked(.complete))
        while session.nextRequest() != nil {}
        _ = session.bytesToSend()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 200_000) + [UInt8(ascii: "\n")]
        session.handle(.output(line + line, .output))
        let begun = session.bytesToSend(limit: 1)
        #expect(Self.lineCount(begun) == 1)
        try session.receive(Self.element(.signal, first))
        session.handle(.ended(status: 130))
        let rest = session.bytesToSend()
        #expect(try Self.messageTypes(in: begun + rest) == [.pipelineHostCall, .pipelineState])
    }

    @Test("Two pipelines of a pool of two runspaces run side by side, a third waits for the one that ends first")
    func sideBySide() throws {
        var session = EndpointSession(
            facts: Self.facts,
            now: { PSDateTime(ticks: 0, zone: .utc) },
            workingDirectory: { "/home/op\($0)" }
        )
        try session.receive(RunspacePoolClient.opening(most: 2))
        try session.receive(
            Self.creation(of: .line("one"), first) + Self.creation(of: .line("two"), second)
                + Self.creation(of: .line("three"), third)
        )
        var asked = [session.nextRequest(), session.nextRequest()].compactMap { $0 }
        #expect(asked.map(\.runspace) == [0, 1] && asked.map(\.request) == [.check("one"), .check("two")])
        #expect(session.nextRequest() == nil)
        for runspace in [0, 1] { session.handle(.checked(.complete), in: runspace) }
        asked = [session.nextRequest(), session.nextRequest()].compactMap { $0 }
        #expect(asked.map(\.runspace) == [0, 1])
        session.handle(.ended(status: 9), in: 1)
        let next = session.nextRequest()
        #expect(next?.runspace == 1 && next?.request == .check("three"))
        session.handle(.checked(.complete), in: 1)
        #expect(session.nextRequest()?.request == .run("three", lastStatus: 9, hasInput: false))
        try session.receive(Self.element(.signal, first))
        let stop = session.nextRequest()
        #expect(stop?.runspace == 0 && stop?.request == .interrupt)
    }

    private let first = PSGuid(high: 1, low: 1)
    private let second = PSGuid(high: 2, low: 2)
    private let third = PSGuid(high: 3, low: 3)

    @Test("A pipeline that comes while another runs waits for it; one that waits can be stopped")
    func queue() throws {
        var session = try Self.opened()
        try session.receive(
            Self.creation(of: .line("one"), first) + Self.creation(of: .line("two"), second)
                + Self.creation(of: .line("three"), third)
        )
        #expect(session.nextRequest()?.request == .check("one"))
        #expect(session.nextRequest()?.request == nil)
        session.handle(.checked(.complete))
        #expect(session.nextRequest()?.request == .run("one", lastStatus: 0, hasInput: false))
        _ = session.bytesToSend()
        try session.receive(Self.element(.signal, second))
        #expect(String(decoding: session.bytesToSend(), as: UTF8.self).contains("<SignalAck PSGuid='\(second)' />"))
        #expect(session.nextRequest()?.request == nil)
        session.handle(.ended(status: 4))
        #expect(session.nextRequest()?.request == .check("three"))
        session.handle(.checked(.complete))
        #expect(session.nextRequest()?.request == .run("three", lastStatus: 4, hasInput: false))
    }

    @Test("What is stopped while its syntax is being looked at never runs")
    func stoppedEarly() throws {
        var session = try Self.opened()
        try session.receive(Self.creation(of: .line("one"), first))
        #expect(session.nextRequest()?.request == .check("one"))
        try session.receive(Self.element(.signal, first) + Self.creation(of: .line("two"), second))
        #expect(session.nextRequest()?.request == nil)
        session.handle(.checked(.complete))
        #expect(session.nextRequest()?.request == .check("two"))
    }

    @Test("A pipeline that is closed while it runs is stopped")
    func closed() throws {
        var session = try Self.opened()
        try session.receive(Self.creation(of: .line("one"), first))
        _ = session.nextRequest()?.request
        session.handle(.checked(.complete))
        _ = session.nextRequest()?.request
        try session.receive(Self.element(.close, first))
        #expect(session.nextRequest()?.request == .interrupt)
        _ = session.bytesToSend()
        session.handle(.ended(status: 130))
        #expect(String(decoding: session.bytesToSend(), as: UTF8.self).contains("<CloseAck PSGuid='\(first)' />"))
    }

    @Test("What a real server has and a shell has not is known by its name alone")
    func tasks() {
        func script(_ text: PSString) -> EndpointTask { EndpointTask(.probe(text)) }
        func command(_ text: PSString) -> EndpointTask {
            EndpointTask(PipelineRequest(statements: [[PipelineCommand(text, isScript: false)]]))
        }
        #expect(EndpointTask(.probe(PSString(EndpointTask.probe))) == .answers([.succeeded, .lastExitCode, .prompt]))
        #expect(EndpointTask(.prompt) == .answers([.prompt]))
        #expect(script(" $global:?\n") == .answers([.succeeded]))
        #expect(command("__Set-PSDebugMode") == .nothing)
        #expect(script("exit-pssession") == .leave)
        #expect(EndpointTask(.rendering) == .render)
        #expect(script("prompter") == .shell(.init(text: "prompter", isConsole: false, mergesErrors: false)))
        #expect(EndpointTask(.line("$?; ls")) == .shell(.init(text: "$?; ls", isConsole: true, mergesErrors: true)))
    }

    @Test(
        "Patterns of command names",
        arguments: [("out-*", true), ("*", true), ("OUT-DEFAUL?", true), ("out", false)]
    )
    func patterns(_ pattern: String, _ expected: Bool) {
        #expect(CommandCatalog.matches("Out-Default", pattern: pattern) == expected)
    }
}
