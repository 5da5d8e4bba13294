import CLIXML
import PSRP
import PSRunTestSupport
import Testing
import WSMan
import WSManEnvelope

/// Sessions over the real carriage, at a model of both kinds of servers: the envelopes between them are whole, and both
/// ends look after the order.
@Suite struct WSManCarriageTests {
    typealias Kind = WSManServerCarriage.Kind

    @Test(
        "A pool opens, runs lines one after the other, and closes",
        arguments: Kind.allCases,
        1...12 as ClosedRange<UInt64>
    )
    func lines(_ kind: Kind, _ seed: UInt64) throws {
        var pair = WSManPair(kind, seed: seed)
        var rest = (0..<10).map { PSString("line \($0)") }[...]
        pair.react = { client, event in
            switch event {
            case .opened, .ended:
                if let line = rest.popFirst() { _ = client.create(.line(line)) } else { client.close() }
            default: break
            }
        }
        pair.client.open()
        try pair.pump()
        #expect(pair.clientEvents.writtenLines == (0..<10).map { "line \($0)" })
        #expect(pair.clientEvents.endings == Array(repeating: .completed, count: 10))
        #expect(pair.clientEvents.last == .closed)
        #expect(pair.server.isClosed)
        #expect(pair.checker.breaches == [])
        #expect(pair.serverCarriage.breaches == [])
        let names = pair.serverCarriage.operations.map(\.label).filter { !$0.hasPrefix("Receive") }
        #expect(
            names == ["Create"] + Array(repeatElement(["Command", "Signal Terminate"], count: 10).joined()) + ["Delete"]
        )
    }

    @Test("Create carries capability and initialization, and no Command flies before the pool has opened")
    func opening() throws {
        var pair = WSManPair(.omi)
        pair.client.open()
        let pipeline = pair.client.create(.line("1"))
        try pair.pump()
        guard
            case .create("11112222-3333-4444-0000-000000000001", let bytes)? = pair.serverCarriage.operations.first
        else {
            Issue.record("the first operation is not Create")
            return
        }
        var reassembler = FragmentReassembler(limits: SessionLimits())
        let types = try reassembler.receive(bytes).map { try Message(decoding: $0).type }
        #expect(types == [.sessionCapability, .initRunspacePool])
        #expect(pair.serverCarriage.operations.map(\.label).prefix(2) == ["Create", "Receive"])
        let opened = try #require(pair.clientEvents.firstIndex(of: .opened(PSVersionNumber(2, 4))))
        let ended = try #require(pair.clientEvents.firstIndex(of: .ended(pipeline, .completed, nil)))
        #expect(opened < ended)
        #expect(pair.serverCarriage.breaches == [])
    }

    @Test("A host call is answered on the stream pr, for its command", arguments: Kind.allCases, [1, 2, 3] as [UInt64])
    func hostCall(_ kind: Kind, _ seed: UInt64) throws {
        var pair = WSManPair(kind, seed: seed)
        pair.serve = { server, event in
            guard case .createPipeline(let pipeline, _) = event else { return SessionPair.echo(&server, event) }
            server.callHost(.readLine, [], pipeline: pipeline)
        }
        pair.react = { client, event throws(PSRPError) in
            if case .hostCall(let call) = event { try client.reply(.result(.string("yes")), to: call) }
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("Read-Host"))
        try pair.pump()
        #expect(pair.clientEvents.contains(.output(pipeline, .string("yes"))))
        #expect(pair.clientEvents.last == .ended(pipeline, .completed, nil))
        let answer = pair.serverCarriage.operations.first { $0.label == "Send pr" }
        guard case .send(_, let commandID?, _)? = answer else {
            Issue.record("no answer on pr that names its command")
            return
        }
        #expect(commandID.hasPrefix("COMMAND-OF-THE-SERVER-"), "the server's own name")
        #expect(pair.checker.breaches == [] && pair.serverCarriage.breaches == [])
    }

    @Test(
        "A running line stops by Signal crtl_c, and the next one runs",
        arguments: Kind.allCases,
        [1, 2, 3] as [UInt64]
    )
    func stop(_ kind: Kind, _ seed: UInt64) throws {
        var pair = WSManPair(kind, seed: seed)
        pair.serve = { server, event in
            guard case .createPipeline(let pipeline, let request) = event, request.statements[0][0].text == "forever"
            else { return SessionPair.echo(&server, event) }
            server.callHost(.writeLine2, [.string("began")], pipeline: pipeline)
        }
        pair.react = { client, event in
            if case .hostCall(let call) = event, call.parameters == [.string("began")], let pipeline = call.pipeline {
                client.stop(pipeline)
            }
        }
        pair.client.open()
        _ = pair.client.create(.line("forever"))
        _ = pair.client.create(.line("after"))
        try pair.pump()
        #expect(pair.clientEvents.endings == [.stopped, .completed])
        #expect(pair.clientEvents.writtenLines == ["began", "after"])
        let names = pair.serverCarriage.operations.map(\.label).filter { !$0.hasPrefix("Receive") }
        #expect(names.prefix(5) == ["Create", "Command", "Signal crtl_c", "Signal Terminate", "Command"])
        #expect(pair.checker.breaches == [] && pair.serverCarriage.breaches == [])
    }

    @Test("Fragments follow the envelope's size, which grows with the negotiated version")
    func fragments() throws {
        // It stands in CREATE_PIPELINE twice: as the command and as its history.
        let script = PSString(String(repeating: "q", count: 900_000))
        let sizes: [(PSVersionNumber, Int, Int)] = [
            (PSVersionNumber(2, 4), 512_000, 5), (PSVersionNumber(2, 1), 153_600, 16),
        ]
        for (version, envelope, count) in sizes {
            var pair = WSManPair(.windows, protocolVersion: version)
            pair.client.open()
            try pair.pump()
            _ = pair.client.create(.line(script))
            try pair.pump()
            #expect(pair.clientEvents.writtenLines == [script.text])
            let payloads = pair.serverCarriage.payloads.dropFirst()
            #expect(payloads.count == count)
            let budget = WSManEndpoint.test.payloadBudget(envelope: envelope)
            #expect(payloads.dropLast().allSatisfy { $0 == budget })
            let largest = pair.serverCarriage.sizes.max() ?? 0
            #expect(largest <= envelope && largest > envelope - 600, "as full as they may be")
            let names = pair.serverCarriage.operations.map(\.label).filter { $0 == "Command" || $0 == "Send stdin" }
            #expect(names == ["Command"] + Array(repeating: "Send stdin", count: count - 1))
            #expect(pair.checker.breaches == [] && pair.serverCarriage.breaches == [])
        }
    }

    @Test("What opens the pool goes on by Send where Create cannot carry it all")
    func openingInParts() throws {
        var endpoint = WSManEndpoint.test
        endpoint.limits.firstEnvelope = 2664
        endpoint.limits.envelope = 2664
        var pair = WSManPair(.omi, endpoint: endpoint)
        pair.client.open()
        let pipeline = pair.client.create(.line("1"))
        try pair.pump()
        #expect(pair.clientEvents.last == .ended(pipeline, .completed, nil))
        let names = pair.serverCarriage.operations.map(\.label).filter { !$0.hasPrefix("Receive") }
        #expect(names.prefix(2) == ["Create", "Send stdin"])
        #expect(pair.serverCarriage.payloads.allSatisfy { $0 <= 750 })
        #expect(pair.checker.breaches == [] && pair.serverCarriage.breaches == [])
    }

    @Test("A Receive whose time lapses is asked again, of the pool and of a command", arguments: Kind.allCases)
    func lapses(_ kind: Kind) throws {
        var pair = WSManPair(kind)
        pair.serve = { server, event in
            if case .createPipeline = event { return }
            SessionPair.echo(&server, event)
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("Start-Sleep 60"))
        try pair.pump()
        let before = (pair.clientEvents.count, pair.serverCarriage.operations.count)
        try pair.lapse()
        #expect(pair.clientEvents.count == before.0)
        let again = pair.serverCarriage.operations[before.1...].map(\.label)
        #expect(Set(again) == ["Receive", "Receive of a command"] && again.count == 2)
        try pair.act { server in
            server.sendOutput(.int32(7), of: pipeline)
            server.sendState(.completed, of: pipeline)
        }
        #expect(pair.clientEvents.suffix(2) == [.output(pipeline, .int32(7)), .ended(pipeline, .completed, nil)])
        #expect(pair.serverCarriage.breaches == [])
    }

    @Test(
        "A command that is Done without having told its state is lost, and the session goes on",
        arguments: Kind.allCases
    )
    func lost(_ kind: Kind) throws {
        var pair = WSManPair(kind)
        pair.serve = { server, event in
            guard case .createPipeline(_, let request) = event, request.statements[0][0].text == "forever"
            else { return SessionPair.echo(&server, event) }
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("forever"))
        try pair.pump()
        pair.serverCarriage.lose(pipeline)
        guard case .ended(pipeline, .failed, let error?)? = try pair.pump().last else {
            Issue.record("the pipeline has not ended")
            return
        }
        #expect(error.fullyQualifiedErrorID == "PipelineLost")
        let next = pair.client.create(.line("next"))
        #expect(try pair.pump().last == .ended(next, .completed, nil))
    }

    @Test("A pool that ends by itself ends the session by name")
    func poolEnds() throws {
        var pair = WSManPair(.windows)
        pair.client.open()
        try pair.pump()
        let error = #expect(throws: PSRPError.self) { try pair.client.receive([.ended(.pool)]) }
        #expect(error?.code == .ended)
    }

    @Test("Announced Commands, which out-of-process framing has, are a breach here: the model can tell")
    func announcedCommands() throws {
        var pair = WSManPair(.omi, traits: .outOfProcess)
        pair.client.open()
        try pair.pump()
        #expect(pair.serverCarriage.breaches.contains("a Command that carries nothing"))
    }
}
