import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// The order rules of out-of-process framing, kept whatever the far side's acks do.
@Suite struct OrderRuleTests {
    /// How long acks are held back.
    enum Delay: CaseIterable {
        case none, random, untilNothingElseHappens
    }

    @Test(
        "Sixty lines run without a breach of the order rules, however acks are delayed",
        arguments: Delay.allCases,
        [1, 2, 3] as [UInt64]
    )
    func sixtyLinesWithoutABreach(_ delay: Delay, _ seed: UInt64) throws {
        let session = try run(lines: 60, delay, seed)
        #expect(session.breaches == [])
        #expect(session.written == (0..<60).map { "line \($0)" })
        #expect(session.isClosed)
    }

    /// server/announced: one round trip a line, each write carrying Close, Data and the next Command.
    @Test("Each line takes one write")
    func oneWriteForEachLine() throws {
        var pair = SessionPair()
        var rest = (0..<60).map { PSString("line \($0)") }[...]
        pair.react = { client, event in
            switch event {
            case .opened, .ended:
                if let line = rest.popFirst() { _ = client.create(.line(line)) } else { client.close() }
            default: break
            }
        }
        pair.client.open()
        try pair.pump()
        #expect(pair.clientEvents.writtenLines.count == 60)
        let opening = ["Data", "Command"]
        let line = ["Close", "Data", "Command"]
        let kinds = opening + ["Data", "Command"] + Array(repeatElement(line, count: 59).joined())
        #expect(try elements(in: pair.clientBytes).map(\.kind.name) == kinds + ["Close", "Close", "Close"])
        #expect(pair.clientWrites == 1 + 60 + 1)
    }

    /// server/early-command: what opens the pool is one Data, and the first Command flies with it.
    @Test("The first Command flies with the opening")
    func firstCommandFliesWithTheOpening() throws {
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        let pipeline = client.create(.line("1"))
        let opening = try elements(in: client.bytesToSend())
        #expect(opening.map(\.kind.name) == ["Data", "Command"])
        #expect(opening.map(\.target) == [.zero, pipeline])
        #expect(client.bytesToSend() == [])
    }

    /// server/big-script: each fragment after the ack of the one before.
    @Test("A long script goes fragment by fragment")
    func longScriptGoesFragmentByFragment() throws {
        let script = String(repeating: "q", count: 100_000)
        for delay in Delay.allCases {
            let session = try run(scripts: [script, "after"], delay, 7)
            #expect(session.breaches == [])
            #expect(session.written == [script, "after"])
        }
    }

    @Test("Input goes after what creates its pipeline")
    func inputGoesAfterWhatCreatesItsPipeline() throws {
        var pair = SessionPair()
        pair.client.open()
        let pipeline = pair.client.create(.rendering)
        try pair.client.sendInput(.string("boom"), to: pipeline)
        pair.client.endInput(of: pipeline)
        try pair.pump()
        #expect(pair.clientEvents.contains(.output(pipeline, .string("boom"))))
        #expect(pair.clientEvents.last == .ended(pipeline, .completed, nil))
        let data = try elements(in: pair.clientBytes).filter { $0.kind.name == "Data" && $0.target == pipeline }
        #expect(data.count == 2)
    }

    @Test("A Command that was announced and not used is closed")
    func unusedCommandIsClosed() throws {
        var pair = SessionPair()
        pair.client.open()
        try pair.pump()
        pair.client.close()
        #expect(try pair.pump() == [.closed])
        #expect(try elements(in: pair.clientBytes).map(\.kind.name) == ["Data", "Command", "Close", "Close"])
    }

    @Test("Close waits for the ack of its Command")
    func closeWaitsForTheCommandAck() throws {
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        let opening = try elements(in: client.bytesToSend())
        client.close()
        #expect(client.bytesToSend() == [])
        try client.receive(line(.dataAck, .zero))
        #expect(client.bytesToSend() == [])
        try client.receive(line(.commandAck, opening[1].target))
        #expect(try elements(in: client.bytesToSend()).map(\.target) == [opening[1].target, .zero])
    }

    @Test("A running pipeline is closed with its pool")
    func runningPipelineIsClosedWithThePool() throws {
        var pair = SessionPair { (server, event) in
            if case .createPipeline = event { return }
            SessionPair.echo(&server, event)
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("Start-Sleep 60"))
        try pair.pump()
        pair.client.close()
        #expect(try pair.pump() == [.closed])
        #expect(pair.serverEvents.suffix(2) == [.closePipeline(pipeline), .closePool])
    }

    @Test("A Signal waits until what it stops has been sent")
    func signalWaitsForWhatItStops() throws {
        let session = try run(scripts: ["forever"], .untilNothingElseHappens, 1, stopsFirst: true)
        #expect(session.breaches == [])
        #expect(session.endings == [.stopped])
    }

    @Test("A stop of what was not sent ends it")
    func stopOfWhatWasNotSentEndsIt() throws {
        var pair = SessionPair { (server, event) in
            if case .createPipeline = event { return }
            SessionPair.echo(&server, event)
        }
        pair.client.open()
        let first = pair.client.create(.line("first"))
        let second = pair.client.create(.line("second"))
        let third = pair.client.create(.line("third"))
        try pair.pump()
        pair.client.stop(second)
        #expect(try pair.pump() == [.ended(second, .stopped, nil)])
        pair.client.stop(first)
        pair.client.stop(first)
        #expect(try pair.pump() == [.ended(first, .stopped, nil)])
        pair.client.stop(third)
        #expect(try pair.pump() == [.ended(third, .stopped, nil)])
        pair.client.close()
        #expect(try pair.pump() == [.closed])
        let lines = try elements(in: pair.clientBytes)
        for name in ["Command", "Close"] {
            let targets = lines.filter { $0.kind.name == name && $0.target != .zero }.map(\.target)
            #expect(Set(targets).isSuperset(of: [first, second, third]))
            #expect(Set(targets).count == targets.count)
        }
    }

    private func line(_ kind: OutOfProcessElement.Kind, _ target: PSGuid) -> [UInt8] {
        var bytes: [UInt8] = []
        OutOfProcessElement(kind, target).write(to: &bytes)
        return bytes
    }

    // MARK: - A server whose acks are late

    private struct Session {
        var breaches: [String]
        var written: [String]
        var endings: [PipelineState]
        var isClosed: Bool
    }

    private func run(lines: Int, _ delay: Delay, _ seed: UInt64) throws -> Session {
        try run(scripts: (0..<lines).map { "line \($0)" }, delay, seed)
    }

    /// Runs scripts one after the other against a server whose acks are held back, checked at each line.
    private func run(
        scripts: [String],
        _ delay: Delay,
        _ seed: UInt64,
        stopsFirst: Bool = false
    ) throws -> Session {
        var random = SplitMix64(seed: seed)
        var checker = OrderChecker(.announced)
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        var server = OutOfProcessServer(configuration: ServerConfiguration())
        var acks: [CarriageEvent] = []
        var others: [CarriageEvent] = []
        var writer = OutOfProcessServerCarriage(limits: SessionLimits())
        var events: [ClientEvent] = []
        var rest = scripts[...]
        client.open()
        while true {
            while let event = client.nextEvent() {
                events.append(event)
                switch event {
                case .opened, .ended:
                    if let script = rest.popFirst() {
                        let pipeline = client.create(.line(PSString(script)))
                        if stopsFirst { client.stop(pipeline) }
                    } else {
                        client.close()
                    }
                default: break
                }
                if stopsFirst, case .hostCall(let call) = event, let pipeline = call.pipeline { client.stop(pipeline) }
            }
            for request in client.session.requestsToSend() {
                checker.sent(request)
                try server.receive(OutOfProcessClientCarriage.bytes(of: [request]))
                while let event = server.nextEvent() {
                    if stopsFirst, case .createPipeline(let pipeline, _) = event {
                        server.session.callHost(.writeLine2, [.string("began")], pipeline: pipeline)
                    } else {
                        SessionPair.echo(&server.session, event)
                    }
                }
            }
            for event in server.session.eventsToSend() {
                if delay != .none, case .acknowledged = event { acks.append(event) } else { others.append(event) }
            }
            guard let next = take(&acks, &others, delay, &random) else { break }
            try checker.received(next)
            writer.write([next])
            try client.receive(writer.bytesToSend())
        }
        return Session(
            breaches: checker.breaches,
            written: events.writtenLines,
            endings: events.endings,
            isClosed: events.last == .closed
        )
    }

    private func take(
        _ acks: inout [CarriageEvent],
        _ others: inout [CarriageEvent],
        _ delay: Delay,
        _ random: inout SplitMix64
    ) -> CarriageEvent? {
        guard !acks.isEmpty || !others.isEmpty else { return nil }
        let takesAck = others.isEmpty || delay == .random && !acks.isEmpty && Bool.random(using: &random)
        guard takesAck else { return others.removeFirst() }
        return acks.remove(at: Int.random(in: acks.indices, using: &random))
    }
}
