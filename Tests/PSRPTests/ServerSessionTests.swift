import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// What a server does with requests in any allowed order, and with odd ones (server/unknown-pipeline).
@Suite struct ServerSessionTests {
    private let pipeline = PSGuid(high: 1, low: 2)

    @Test("Requests for unknown pipelines are acked and nothing more")
    func unknownPipelinesAreAcked() throws {
        var server = try open()
        for (kind, ack) in [
            (OutOfProcessElement.Kind.close, "CloseAck"), (.signal, "SignalAck"), (.data(.standard, [1]), "DataAck"),
        ] {
            try server.receive(element(kind))
            #expect(try said(&server) == [ack])
            #expect(server.nextEvent() == nil)
        }
    }

    /// server/next-before-close: Data before its Command is acked and thrown away.
    @Test("Data before its Command is acked and thrown away")
    func dataBeforeItsCommandIsThrownAway() throws {
        var server = try open()
        try server.receive(create("1"))
        #expect(try said(&server) == ["DataAck"])
        try server.receive(element(.command))
        #expect(try said(&server) == ["CommandAck"])
        #expect(server.nextEvent() == nil)
    }

    /// server/batch-open-command: all that a client may say before it hears anything.
    @Test("A pipeline that comes before the pool is open waits for it")
    func pipelineBeforeThePoolIsOpen() throws {
        var server = OutOfProcessServer(configuration: ServerConfiguration())
        try server.receive(opening() + element(.command) + create("1"))
        try server.receive(lines(input("more"), of: pipeline))
        guard case .opened? = server.nextEvent() else {
            Issue.record("not opened")
            return
        }
        #expect(server.nextEvent() == nil)
        server.openPool(privateData: [])
        #expect(server.nextEvent() == .createPipeline(pipeline, .line("1")))
        #expect(server.nextEvent() == .input(pipeline, .string("more")))
        #expect(server.nextEvent() == nil)
    }

    /// server/early-command: this order, a byte order mark before each body, a fragment in each Data.
    @Test("The opening has the order and the bytes of a real server's")
    func openingAsARealServerHasIt() throws {
        var server = try open()
        _ = server.bytesToSend()
        var fresh = OutOfProcessServer(configuration: ServerConfiguration())
        try fresh.receive(opening())
        fresh.openPool(privateData: [("PSVersionTable", .dictionary([]))])
        var decoder = OutOfProcessDecoder(side: .client, limits: SessionLimits())
        decoder.receive(fresh.bytesToSend())
        var types: [MessageType] = []
        while case .element(let element)? = try decoder.next() {
            guard case .data(.standard, let fragment) = element.kind else { continue }
            let message = try Message(decoding: Array(fragment.dropFirst(Fragment.headerSize)))
            #expect(message.body.starts(with: [0xEF, 0xBB, 0xBF]))
            types.append(message.type)
        }
        #expect(types == [.sessionCapability, .applicationPrivateData, .runspacePoolState])
    }

    /// server/stop: the state, and then the ack.
    @Test("A Signal is acked when its pipeline has stopped")
    func signalIsAckedWhenItsPipelineHasStopped() throws {
        var server = try running()
        try server.receive(element(.signal))
        #expect(server.nextEvent() == .signal(pipeline))
        #expect(try said(&server) == [])
        server.sendState(.stopped, of: pipeline)
        #expect(try said(&server) == ["Data", "SignalAck"])
        try server.receive(element(.signal))
        #expect(try said(&server) == ["SignalAck"])
        try server.receive(element(.close))
        #expect(try said(&server) == ["CloseAck"])
        #expect(server.nextEvent() == nil)
    }

    /// server/close-while-running
    @Test("A Close of a running pipeline stops it first")
    func closeOfARunningPipelineStopsIt() throws {
        var server = try running()
        try server.receive(element(.close))
        #expect(server.nextEvent() == .closePipeline(pipeline))
        #expect(try said(&server) == [])
        server.sendState(.stopped, of: pipeline)
        #expect(try said(&server) == ["Data", "CloseAck"])
    }

    /// server/availability, server/available-while-running
    @Test("Questions about runspaces are answered")
    func runspaces() throws {
        var server = try open()
        let asked: [(MessageType, String?, PSValue)] = [
            (.getAvailableRunspaces, nil, .int32(1)), (.resetRunspaceState, nil, .bool(true)),
            (.setMaxRunspaces, "MaxRunspaces", .bool(true)), (.setMinRunspaces, "MinRunspaces", .bool(true)),
        ]
        for (type, member, answer) in asked {
            try server.receive(question(type, member))
            #expect(try self.answer(&server) == answer)
        }
        #expect(server.nextEvent() == .resetRunspace)
        var busy = try running()
        try busy.receive(question(.getAvailableRunspaces, nil))
        #expect(try self.answer(&busy) == .int32(0))
        try busy.receive(question(.resetRunspaceState, nil))
        #expect(try self.answer(&busy) == .bool(false))
    }

    @Test("A client that wants to connect to an existing pool is refused")
    func connectIsRefused() throws {
        var server = OutOfProcessServer(configuration: ServerConfiguration())
        let capability = try messages(in: opening())[0]
        let connect = Message(.connectRunspacePool, to: .server, runspacePoolID: .zero, body: "<S></S>".wire)
        try server.receive(lines(capability) + lines(connect))
        let state = try #require(try sent(&server).last).value(limits: .standard)
        #expect(state["RunspaceState"] == .int32(5))
    }

    @Test("A pool is closed with its state and then its ack")
    func closingThePool() throws {
        var server = try open()
        try server.receive("<Close PSGuid='\(PSGuid.zero)' />\n".wire)
        #expect(server.nextEvent() == .closePool)
        #expect(!server.isClosed)
        server.finishClose()
        #expect(server.isClosed)
        #expect(try said(&server) == ["Data", "Data", "CloseAck"])
        try server.receive("\n".wire)
    }

    @Test("Messages that a server may not be sent are errors")
    func faults() throws {
        let messages: [Message] = [
            Message(.pipelineOutput, to: .server, runspacePoolID: .zero, body: "<S></S>".wire),
            Message(.initRunspacePool, to: .server, runspacePoolID: .zero, body: "<S></S>".wire),
            Message(.setMaxRunspaces, to: .server, runspacePoolID: .zero, body: "<S></S>".wire),
            Message(.runspacePoolHostResponse, to: .server, runspacePoolID: .zero, body: "<S></S>".wire),
            Message(.publicKey, to: .server, runspacePoolID: .zero, body: "<S></S>".wire),
        ]
        for message in messages {
            var server = try open()
            #expect(throws: PSRPError.self) { try server.receive(lines(message)) }
        }
        for body in ["<S></S>", "<Obj RefId=\"0\"><MS><Obj N=\"PowerShell\" RefId=\"1\"/></MS></Obj>", "junk"] {
            var server = try open()
            try server.receive(element(.command))
            let message = Message(.createPipeline, to: .server, runspacePoolID: .zero, body: body.wire)
            let error = #expect(throws: PSRPError.self) { try server.receive(lines(message, of: pipeline)) }
            #expect(error?.code == .malformedBody)
        }
        var early = OutOfProcessServer(configuration: ServerConfiguration())
        let initialization = try PSRPTests.messages(in: opening())[1]
        let error = #expect(throws: PSRPError.self) { try early.receive(lines(initialization)) }
        #expect(error?.code == .malformedMessage)
    }

    @Test("So many pipelines may be open and not one more")
    func pipelinesAreBounded() throws {
        var limits = SessionLimits()
        limits.openPipelines = 3
        var server = OutOfProcessServer(configuration: ServerConfiguration(limits: limits))
        let error = #expect(throws: PSRPError.self) {
            for number in 1...4 {
                var command: [UInt8] = []
                OutOfProcessElement(.command, PSGuid(high: 9, low: UInt64(number))).write(to: &command)
                try server.receive(command)
            }
        }
        #expect(error?.code == .limit)
    }

    @Test("What a client sends too early is bounded over all its streams, and counts no more once it can be used")
    func earlyBytesAreBounded() throws {
        var limits = SessionLimits()
        limits.unusedBytes = 20_000
        let text = String(repeating: "x", count: 6_000)
        var early = OutOfProcessServer(configuration: ServerConfiguration(limits: limits))
        try early.receive(opening() + element(.command) + create("1"))
        let error = #expect(throws: PSRPError.self) {
            for _ in 1...4 { try early.receive(lines(input(text), of: pipeline)) }
        }
        #expect(error?.code == .limit)
        var parts = OutOfProcessServer(configuration: ServerConfiguration(limits: limits))
        try parts.receive(opening())
        parts.openPool(privateData: [])
        let other = #expect(throws: PSRPError.self) {
            for number in 1...4 {
                let target = PSGuid(high: 9, low: UInt64(number))
                var command: [UInt8] = []
                OutOfProcessElement(.command, target).write(to: &command)
                var splitter = FragmentSplitter()
                var message = splitter.begin(input(text + text).encoded)
                var fragment: [UInt8] = []
                message.appendNext(to: &fragment, largest: 6_000)
                OutOfProcessElement(.data(.standard, fragment), target).write(to: &command)
                try parts.receive(command)
            }
        }
        #expect(other?.code == .limit)
        var open = OutOfProcessServer(configuration: ServerConfiguration(limits: limits))
        try open.receive(opening())
        open.openPool(privateData: [])
        try open.receive(element(.command) + create("1"))
        for _ in 1...10 { try open.receive(lines(input(text), of: pipeline)) }
    }

    // MARK: - A client's bytes

    private func opening() -> [UInt8] {
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        return Array(client.bytesToSend().split(separator: UInt8(ascii: "\n"))[0]) + [UInt8(ascii: "\n")]
    }

    private func open() throws -> OutOfProcessServer {
        var server = OutOfProcessServer(configuration: ServerConfiguration())
        try server.receive(opening())
        server.openPool(privateData: [])
        #expect(server.nextEvent() == .opened(HostDescription(), PSVersionNumber(2, 4)))
        _ = server.bytesToSend()
        return server
    }

    private func running() throws -> OutOfProcessServer {
        var server = try open()
        try server.receive(element(.command) + create("1"))
        #expect(server.nextEvent() == .createPipeline(pipeline, .line("1")))
        _ = server.bytesToSend()
        return server
    }

    private func element(_ kind: OutOfProcessElement.Kind) -> [UInt8] {
        var bytes: [UInt8] = []
        OutOfProcessElement(kind, pipeline).write(to: &bytes)
        return bytes
    }

    private func create(_ script: PSString) -> [UInt8] {
        let body = encodeCLIXML(PipelineRequest.line(script).value)
        return lines(
            Message(.createPipeline, to: .server, runspacePoolID: .zero, pipelineID: pipeline, body: body),
            of: pipeline
        )
    }

    private func input(_ text: String) -> Message {
        let body = encodeCLIXML(.string(text))
        return Message(.pipelineInput, to: .server, runspacePoolID: .zero, pipelineID: pipeline, body: body)
    }

    private func question(_ type: MessageType, _ member: String?) -> [UInt8] {
        let members = [("ci", PSValue.int64(7))] + (member.map { [($0, PSValue.int32(1))] } ?? [])
        return lines(Message(type, to: .server, runspacePoolID: .zero, body: encodeCLIXML(.properties(members))))
    }

    /// The names of the elements that a server has to say.
    private func said(_ server: inout OutOfProcessServer) throws -> [String] {
        var decoder = OutOfProcessDecoder(side: .client, limits: SessionLimits())
        decoder.receive(server.bytesToSend())
        var names: [String] = []
        while case .element(let element)? = try decoder.next() { names.append(element.kind.name) }
        return names
    }

    private func sent(_ server: inout OutOfProcessServer) throws -> [Message] {
        let data = server.bytesToSend().split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: "<Data ".utf8) }
        return try messages(in: data.flatMap { Array($0) + [UInt8(ascii: "\n")] })
    }

    private func answer(_ server: inout OutOfProcessServer) throws -> PSValue? {
        let value = try #require(try sent(&server).last).value(limits: .standard)
        #expect(value["ci"] == .int64(7))
        return value["SetMinMaxRunspacesResponse"]
    }
}
