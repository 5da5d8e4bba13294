import CLIXML
import PSRP
import PSRunTestSupport
import Testing
import WSMan
import WSManEnvelope

/// What a real server said, played to psrun's client.
@Suite struct RecordedTests {
    /// A client's session at a recorded server, until the server has nothing more to say.
    private static func play(
        _ name: String,
        react: @escaping (inout ClientSession, ClientEvent) throws(PSRPError) -> Void
    ) throws -> (events: [ClientEvent], labels: [String], failure: WSManError?) {
        var server = RecordedServer(try RecordedExchanges(name))
        var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
        var client = ClientSession(
            configuration: ClientConfiguration(protocolVersion: PSVersionNumber(2, 3)),
            carriage: WSManClientCarriage.traits(for: .test),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        var events: [ClientEvent] = []
        client.open()
        var progress = carriage.send(client.requestsToSend())
        while true {
            for exchange in progress.exchanges { try server.take(exchange) }
            try client.receive(progress.events)
            while let event = client.nextEvent() {
                events.append(event)
                try react(&client, event)
            }
            let requests = client.requestsToSend()
            if !requests.isEmpty {
                progress = carriage.send(requests)
            } else if let (id, outcome) = try server.next() {
                progress = carriage.heard(id, outcome)
            } else {
                return (events, server.labels, carriage.failure)
            }
        }
    }

    @Test("Every recorded answer can be read, and answers what was asked", arguments: RecordedExchanges.names)
    func readable(_ name: String) throws {
        let recorded = try RecordedExchanges(name)
        #expect(!recorded.exchanges.isEmpty)
        for (request, answer) in recorded.exchanges where !answer.bytes.isEmpty {
            let reply = try WSManReply(answer.bytes, to: request.operation)
            if case .fault(let fault) = reply.answer {
                #expect(answer.status == 500 && !fault.code.isEmpty && fault.subcode != nil)
            } else {
                #expect(answer.status == 200)
            }
            if request.operation != .identify { #expect(reply.relatesTo == request.messageID) }
        }
        for answer in recorded.others where !answer.bytes.isEmpty {
            guard case .fault = try WSManReply(answer.bytes, to: .delete).answer else {
                Issue.record("an answer to nothing")
                continue
            }
        }
    }

    @Test("PowerShell's own client asks for the same, of a shell by the same kind of name")
    func ownClient() throws {
        let recorded = try RecordedExchanges("omi/pwsh-opening")
        guard case .create(let shellID, let bytes)? = recorded.exchanges.first?.request.operation else {
            Issue.record("no Create")
            return
        }
        var reassembler = FragmentReassembler(limits: SessionLimits())
        let messages = try reassembler.receive(bytes).map { try Message(decoding: $0) }
        #expect(messages.map(\.type) == [.sessionCapability, .initRunspacePool])
        #expect(messages.first?.runspacePoolID.description.uppercased() == shellID)
    }

    @Test("A line that is stopped ends as stopped, and the session closes though Delete is refused")
    func stop() throws {
        let (events, labels, failure) = try Self.play("omi/stop") { client, event in
            switch event {
            case .opened: _ = client.create(.line("forever"))
            case .output(let pipeline, _): client.stop(pipeline)
            case .ended: client.close()
            default: break
            }
        }
        #expect(events.compactMap(\.outputText) == ["a"])
        #expect(events.endings == [.stopped])
        #expect(events.last == .closed && failure == nil)
        #expect(
            labels.filter { !$0.hasPrefix("Receive") }
                == ["Create", "Command", "Signal crtl_c", "Signal Terminate", "Delete"]
        )
        #expect(labels.filter { $0 == "Receive of a command" }.count == 4, "until Done")
    }

    @Test("A host call's answer goes by Send on pr, and the line goes on")
    func hostCall() throws {
        let (events, labels, failure) = try Self.play("omi/host-call") { client, event throws(PSRPError) in
            switch event {
            case .opened: _ = client.create(.line("Read-Host"))
            case .hostCall(let call): try client.reply(.result(.string("answer")), to: call)
            case .ended: client.close()
            default: break
            }
        }
        #expect(events.compactMap(\.outputText) == ["a", "got answer"])
        #expect(events.endings == [.completed])
        #expect(events.last == .closed && failure == nil)
        #expect(labels.filter { $0.hasPrefix("Send") } == ["Send pr"])
    }

    @Test("Input goes by Send, one after the other's answer, and comes back")
    func input() throws {
        let (events, labels, failure) = try Self.play("omi/input") { client, event throws(PSRPError) in
            switch event {
            case .opened:
                var request = PipelineRequest.line("$input")
                request.noInput = false
                let pipeline = client.create(request)
                try client.sendInput(.string("one"), to: pipeline)
                try client.sendInput(.string("two"), to: pipeline)
                client.endInput(of: pipeline)
            case .ended: client.close()
            default: break
            }
        }
        #expect(events.compactMap(\.outputText) == ["<one>", "<two>"])
        #expect(events.endings == [.completed])
        #expect(events.last == .closed && failure == nil)
        #expect(labels.contains("Send stdin"))
    }

    @Test("Two lines run one after the other, each with its own command's output")
    func lines() throws {
        var rest = ["1", "2"][...]
        let (events, _, failure) = try Self.play("omi/two-pipelines") { client, event in
            switch event {
            case .opened, .ended:
                if let line = rest.popFirst() { _ = client.create(.line(PSString(line))) } else { client.close() }
            default: break
            }
        }
        #expect(events.compactMap(\.outputText) == ["one", "two"])
        #expect(events.endings == [.completed, .completed])
        #expect(failure == nil)
    }

    @Test("Windows Server 2008 R2 names shell and command itself, and speaks 2.1")
    func server2008() throws {
        let (events, labels, failure) = try Self.play("windows/server-2008") { client, event throws(PSRPError) in
            switch event {
            case .opened:
                var request = PipelineRequest.line("$input")
                request.noInput = false
                let pipeline = client.create(request)
                for text in ["1", "2", "3"] { try client.sendInput(.string(PSString(text)), to: pipeline) }
                client.endInput(of: pipeline)
            case .ended: client.close()
            default: break
            }
        }
        #expect(events.contains(.opened(PSVersionNumber(2, 1))))
        #expect(events.count { if case .output = $0 { true } else { false } } == 4)
        #expect(events.endings == [.completed])
        #expect(events.last == .closed && failure == nil)
        #expect(labels.filter { $0 == "Receive of a command" }.count == 1, "Done comes with the last of the data")
        guard case .created(let shellID)? = try Self.answers("windows/server-2008", to: "Create").first,
            case .command(let commandID)? = try Self.answers("windows/server-2008", to: "Command").first,
            case .command(let wanted, _)? = try RecordedExchanges("windows/server-2008").exchanges
                .map(\.request.operation).first(where: { $0.name == "Command" })
        else {
            Issue.record("no shell, or no command")
            return
        }
        #expect(commandID != wanted && !shellID.isEmpty)
    }

    private static func answers(_ name: String, to operation: String) throws -> [WSManAnswer] {
        try RecordedExchanges(name).exchanges.filter { $0.request.operation.name == operation }.map {
            try WSManReply($0.answer.bytes, to: $0.request.operation).answer
        }
    }

    @Test("A Receive that Windows ends by a fault, since there was nothing to say, is asked again")
    func timeouts() throws {
        let (events, labels, failure) = try Self.play("windows/timeouts") { client, event in
            switch event {
            case .opened: _ = client.create(.line("Start-Sleep 10; 'hi'"))
            case .ended: client.close()
            default: break
            }
        }
        #expect(events.compactMap(\.outputText) == ["hi"])
        #expect(events.endings == [.completed])
        #expect(events.last == .closed && failure == nil)
        #expect(labels.filter { $0 == "Receive of a command" }.count == 3)
    }

    @Test("A host call of Windows' comes with output and end in one answer")
    func hostCallOfWindows() throws {
        let (events, _, failure) = try Self.play("windows/host-call") { client, event in
            switch event {
            case .opened: _ = client.create(.line("1"))
            case .ended: client.close()
            default: break
            }
        }
        #expect(events.contains { if case .hostCall = $0 { true } else { false } })
        #expect(events.endings == [.completed])
        #expect(events.last == .closed && failure == nil)
    }

    @Test("A shell goes on while its client is disconnected, and says the rest when it is back")
    func disconnect() throws {
        var server = RecordedServer(try RecordedExchanges("omi/disconnect"))
        var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
        var client = ClientSession(
            configuration: ClientConfiguration(protocolVersion: PSVersionNumber(2, 3)),
            carriage: WSManClientCarriage.traits(for: .test),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        var events: [ClientEvent] = []
        var notices: [WSManNotice] = []
        func take(_ progress: WSManProgress) throws {
            for exchange in progress.exchanges { try server.take(exchange) }
            notices += progress.notices
            try client.receive(progress.events)
            while let event = client.nextEvent() {
                events.append(event)
                if case .opened = event { _ = client.create(.line("1..3; 'end'")) }
            }
            let requests = client.requestsToSend()
            if !requests.isEmpty { try take(carriage.send(requests)) }
        }
        client.open()
        try take(carriage.send(client.requestsToSend()))
        while !server.labels.contains("Receive of a command"), let (id, outcome) = try server.next() {
            try take(carriage.heard(id, outcome))
        }
        try take(carriage.ask(.disconnect(idleTimeout: 900, .block)))
        while let (id, outcome) = try server.next() { try take(carriage.heard(id, outcome)) }
        #expect(notices == [.disconnected])
        #expect(carriage.failure == nil, "a Receive's fault is nothing meanwhile")
        #expect(events.endings == [])
        try take(carriage.ask(.reconnect))
        while let (id, outcome) = try server.next() { try take(carriage.heard(id, outcome)) }
        #expect(notices == [.disconnected, .reconnected])
        #expect(events.compactMap(\.outputText) == ["1", "2", "3", "end"])
        #expect(events.endings == [.completed])
    }

    @Test("Another client's Connect brings what the server says of the pool")
    func connect() throws {
        var server = RecordedServer(try RecordedExchanges("omi/disconnect"))
        var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
        let asked = carriage.ask(.connect(shellID: "SHELL", [1, 2, 3]))
        for exchange in asked.exchanges { try server.take(exchange) }
        #expect(try ServerRequest(asked.exchanges[0].envelope).shellID == "SHELL")
        let (id, outcome) = try #require(try server.next())
        let progress = carriage.heard(id, outcome)
        guard case .acknowledged(.open, .pool)? = progress.events.first,
            case .data(.pool, let bytes)? = progress.events.last
        else {
            Issue.record("no answer for the pool")
            return
        }
        var reassembler = FragmentReassembler(limits: SessionLimits())
        let types = try reassembler.receive(bytes).map { try Message(decoding: $0).type }
        #expect(types == [.sessionCapability, .runspacePoolInitData])
        #expect(progress.exchanges.map(\.operation) == [.receive(commandID: nil)])
        let command = PSGuid(high: 1, low: 2)
        let taken = carriage.ask(.connectCommand(command, commandID: "COMMAND"))
        #expect(taken.exchanges.map(\.operation) == [.connectCommand(commandID: "COMMAND")])
    }

    @Test("Who is there, and which shells, is told to whoever asks")
    func questions() throws {
        var server = RecordedServer(try RecordedExchanges("omi/oddities"))
        var carriage = WSManClientCarriage(endpoint: .test, identifiers: MessageIdentifiers())
        for exchange in carriage.ask(.identify).exchanges { try server.take(exchange) }
        let (first, identity) = try #require(try server.next())
        guard case .identified(let who)? = carriage.heard(first, identity).notices.first else {
            Issue.record("nobody is there")
            return
        }
        #expect(who.vendor == "Open Management Infrastructure" && who.version == "1.0.8-6")
        #expect(who.protocolVersion == "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd")
        for exchange in carriage.ask(.listShells).exchanges { try server.take(exchange) }
        let (second, list) = try #require(try server.next())
        guard case .shells(let shells, isWhole: true)? = carriage.heard(second, list).notices.first else {
            Issue.record("no shells")
            return
        }
        #expect(shells.map(\.name) == ["Runspace1"])
        #expect(shells.map(\.state) == ["Connected"])
        #expect(shells.first?.shellID == "B7B32DCE-026F-4412-AFD5-28C1EEF7C736")
        #expect(shells.first?.owner == "alice" && shells.first?.resourceURI.hasSuffix("Microsoft.PowerShell") == true)
    }
}

extension ClientEvent {
    /// What a pipeline wrote, as text.
    fileprivate var outputText: String? {
        guard case .output(_, let value) = self else { return nil }
        if case .int32(let number) = value { return String(number) }
        return value.text
    }
}
