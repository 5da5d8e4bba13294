import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// A client and a server that speak to each other in memory.
@Suite struct SessionPairTests {
    @Test("A client and a server open a pool, run a line and close")
    func opensRunsAndCloses() throws {
        var pair = SessionPair()
        pair.client.open()
        let opening = try pair.pump()
        #expect(opening.contains(.opened(PSVersionNumber(2, 4))))
        #expect(pair.client.isOpen)
        #expect(pair.serverEvents == [.opened(HostDescription(), PSVersionNumber(2, 4))])

        let pipeline = pair.client.create(.line("Get-Date"))
        let running = try pair.pump()
        #expect(running.writtenLines == ["Get-Date"])
        #expect(running.last == .ended(pipeline, .completed, nil))
        #expect(pair.serverEvents.contains(.createPipeline(pipeline, .line("Get-Date"))))

        pair.client.close()
        #expect(try pair.pump() == [.closed])
        #expect(pair.server.isClosed)
        try pair.client.receiveEnd()
    }

    /// The same session, whole, byte by byte, and cut at odd places: the same events, and the same bytes.
    @Test("How the stream is cut changes neither events nor bytes")
    func cutsChangeNothing() throws {
        let whole = try session(cut: .whole)
        #expect(whole.events.writtenLines.count == 3)
        for cut in [SessionPair.Cut.single, .pieces([3, 1000, 17]), .pieces([40_000])] {
            let other = try session(cut: cut)
            #expect(other.events == whole.events)
            #expect(other.bytes == whole.bytes)
        }
    }

    private func session(cut: SessionPair.Cut) throws -> (events: [ClientEvent], bytes: [UInt8]) {
        var pair = SessionPair()
        pair.cut = cut
        pair.client.open()
        try pair.pump()
        for text in ["1+1", String(repeating: "äöü€\u{1F600}", count: 3000), "_x000A_ & <b>"] {
            _ = pair.client.create(.line(PSString(text)))
            try pair.pump()
        }
        pair.client.close()
        try pair.pump()
        return (pair.clientEvents, pair.clientBytes)
    }

    @Test("Everything that a pipeline says arrives, in order")
    func everythingThatAPipelineSaysArrives() throws {
        let error = ErrorRecord.make(message: "no", errorID: "No,Way", category: 13, reason: "ItemNotFoundException")
        let streams: [RecordStream] = [.debug, .verbose, .warning, .progress, .information]
        var pair = SessionPair { (server, event) in
            guard case .createPipeline(let pipeline, _) = event else { return SessionPair.echo(&server, event) }
            server.sendOutput(.int32(1), of: pipeline)
            server.sendOutput(.null, of: pipeline)
            server.sendError(error, of: pipeline)
            for stream in streams { server.sendRecord(stream, .properties([("Message", .string("m"))]), of: pipeline) }
            server.sendState(.failed, error, of: pipeline)
            server.sendOutput(.string("after the end"), of: pipeline)
            server.sendState(.completed, of: pipeline)
        }
        pair.client.open()
        try pair.pump()
        let pipeline = pair.client.create(.line("1"))
        var expected: [ClientEvent] = [
            .output(pipeline, .int32(1)), .output(pipeline, .null), .error(pipeline, error),
        ]
        expected += streams.map { .record(pipeline, $0, .properties([("Message", .string("m"))])) }
        expected.append(.ended(pipeline, .failed, error))
        #expect(try pair.pump() == expected)
    }

    @Test("A server answers the question for free runspaces while a line runs")
    func availabilityWhileALineRuns() throws {
        var pair = SessionPair { (server, event) in
            if case .createPipeline = event { return }
            SessionPair.echo(&server, event)
        }
        pair.client.open()
        try pair.pump()
        pair.client.askAvailability()
        #expect(try pair.pump() == [.availability])
        _ = pair.client.create(.line("Start-Sleep 60"))
        try pair.pump()
        pair.client.askAvailability()
        pair.client.askAvailability()
        #expect(try pair.pump() == [.availability])
        let questions = try messages(in: pair.clientBytes).filter { $0.type == .getAvailableRunspaces }
        #expect(try questions.map { try $0.value(limits: .standard)["ci"]?.int64Value } == [1, 2])
    }

    @Test("A request for command metadata is answered")
    func metadata() throws {
        var pair = SessionPair()
        pair.client.open()
        let request = CommandMetadataRequest(names: ["Out-Default", "Exit-PSSession"])
        let pipeline = pair.client.createMetadataRequest(request)
        try pair.pump()
        #expect(pair.serverEvents.contains(.commandMetadata(pipeline, request)))
        #expect(pair.clientEvents.contains(.output(pipeline, .int32(2))))
    }

    @Test("Every host call arrives, and is answered where it returns a value", arguments: HostMethod.allCases)
    func hostCalls(_ method: HostMethod) throws {
        var pair = SessionPair { (server, event) in
            guard case .createPipeline(let pipeline, _) = event else { return SessionPair.echo(&server, event) }
            server.callHost(method, [.string("p"), .int32(2)], pipeline: pipeline)
            if !method.returnsValue { server.sendState(.completed, of: pipeline) }
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("1"))
        var calls: [HostCall] = []
        for case .hostCall(let call) in try pair.pump() {
            calls.append(call)
            try pair.client.reply(.result(.string("answer")), to: call)
        }
        try pair.pump()
        #expect(calls.map(\.method) == [method])
        #expect(calls.map(\.parameters) == [[.string("p"), .int32(2)]])
        #expect(calls.map(\.callID) == [method.returnsValue ? 1 : HostCall.voidCallID])
        #expect(pair.clientEvents.contains(.output(pipeline, .string("answer"))) == method.returnsValue)
        #expect(pair.clientEvents.endings == [.completed])
    }

    @Test("A host call that is refused fails in the words of a real host")
    func refusedHostCall() throws {
        var pair = SessionPair { (server, event) in
            guard case .createPipeline(let pipeline, _) = event else { return SessionPair.echo(&server, event) }
            server.callHost(.prompt, [], pipeline: pipeline)
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("Read-Host"))
        for case .hostCall(let call) in try pair.pump() {
            try pair.client.reply(.refused(message: "not here", errorID: "PromptRefused"), to: call)
        }
        try pair.pump()
        let refusal = HostReply.refused(message: "not here", errorID: "PromptRefused")
        #expect(pair.serverEvents.contains(.hostReply(pipeline: pipeline, callID: 1, refusal)))
        #expect(pair.clientEvents.endings == [.failed])
        let reply = try #require(try messages(in: pair.clientBytes).first { $0.type == .pipelineHostResponse })
        let members = try #require(try reply.value(limits: .standard)["me"]?.objectValue).extended.map(\.name)
        let captured = [
            "Exception", "TargetObject", "FullyQualifiedErrorId", "InvocationInfo", "ErrorCategory_Category",
            "ErrorCategory_Activity", "ErrorCategory_Reason", "ErrorCategory_TargetName", "ErrorCategory_TargetType",
            "ErrorCategory_Message", "SerializeExtendedInfo",
        ]
        #expect(members == captured)
    }

    @Test("A host call may belong to the pool instead of a pipeline")
    func hostCallsOfThePool() throws {
        var pair = SessionPair { (server, event) in
            SessionPair.echo(&server, event)
            if case .opened = event { server.callHost(.readLine, [], pipeline: nil) }
        }
        pair.client.open()
        for case .hostCall(let call) in try pair.pump() {
            #expect(call.pipeline == nil)
            try pair.client.reply(.result(.string("yes")), to: call)
        }
        try pair.pump()
        #expect(pair.serverEvents.last == .hostReply(pipeline: nil, callID: 1, .result(.string("yes"))))
    }

    @Test("A far side that asks and asks ends the session, whether its calls come at once or one by one")
    func unansweredCalls() throws {
        var pair = SessionPair { server, event in
            guard case .createPipeline(let pipeline, _) = event else { return SessionPair.echo(&server, event) }
            for _ in 0..<1_000 { server.callHost(.readLine, [], pipeline: pipeline) }
        }
        pair.client.open()
        _ = pair.client.create(.line("1"))
        let atOnce = #expect(throws: PSRPError.self) { try pair.pump() }
        #expect(atOnce?.code == .limit)

        pair = SessionPair { server, event in
            if case .createPipeline = event { return }
            SessionPair.echo(&server, event)
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("1"))
        try pair.pump()
        let oneByOne = #expect(throws: PSRPError.self) {
            for _ in 0..<1_000 {
                pair.server.session.callHost(.readLine, [], pipeline: pipeline)
                try pair.client.receive(pair.server.bytesToSend())
                while let event = pair.client.nextEvent() {
                    guard case .hostCall(let call) = event else { continue }
                    try pair.client.reply(.result(.string("")), to: call)
                }
                // What is sent is never acknowledged.
                _ = pair.client.bytesToSend()
            }
        }
        #expect(oneByOne?.code == .limit)
        #expect(oneByOne?.message.contains("without taking an answer") == true)
    }
}
