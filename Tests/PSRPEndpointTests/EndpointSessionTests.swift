import CLIXML
import PSRunTestSupport
import Testing

@testable import PSRP
@testable import PSRPEndpoint

@Suite("Pipelines become requests to a shell")
struct EndpointSessionTests {
    static func opened() throws -> EndpointSession {
        let facts = EndpointFacts(
            user: "op",
            computer: "web01",
            processID: 7,
            isPrivileged: false,
            shell: "sh",
            operatingSystem: "Linux",
            version: "0"
        )
        var session = EndpointSession(
            facts: facts,
            now: { PSDateTime(ticks: 0, zone: .utc) },
            workingDirectory: { "/home/op" }
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
        #expect(session.nextRequest() == .check("one"))
        #expect(session.nextRequest() == nil)
        session.handle(.checked(.complete))
        #expect(session.nextRequest() == .run("one", lastStatus: 0, hasInput: false))
        _ = session.bytesToSend()
        try session.receive(Self.element(.signal, second))
        #expect(String(decoding: session.bytesToSend(), as: UTF8.self).contains("<SignalAck PSGuid='\(second)' />"))
        #expect(session.nextRequest() == nil)
        session.handle(.ended(status: 4))
        #expect(session.nextRequest() == .check("three"))
        session.handle(.checked(.complete))
        #expect(session.nextRequest() == .run("three", lastStatus: 4, hasInput: false))
    }

    @Test("What is stopped while its syntax is being looked at never runs")
    func stoppedEarly() throws {
        var session = try Self.opened()
        try session.receive(Self.creation(of: .line("one"), first))
        #expect(session.nextRequest() == .check("one"))
        try session.receive(Self.element(.signal, first) + Self.creation(of: .line("two"), second))
        #expect(session.nextRequest() == nil)
        session.handle(.checked(.complete))
        #expect(session.nextRequest() == .check("two"))
    }

    @Test("A pipeline that is closed while it runs is stopped")
    func closed() throws {
        var session = try Self.opened()
        try session.receive(Self.creation(of: .line("one"), first))
        _ = session.nextRequest()
        session.handle(.checked(.complete))
        _ = session.nextRequest()
        try session.receive(Self.element(.close, first))
        #expect(session.nextRequest() == .interrupt)
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
