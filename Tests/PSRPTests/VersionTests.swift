import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// Which versions meet, and what is said where they do not.
@Suite struct VersionTests {
    @Test("Both sides speak the lower of their versions", arguments: 1...4, 0...4)
    func versionsMeet(_ client: Int32, _ server: Int32) throws {
        var pair = SessionPair(
            client: ClientConfiguration(protocolVersion: PSVersionNumber(2, client)),
            server: ServerConfiguration(protocolVersion: PSVersionNumber(2, server))
        )
        pair.client.open()
        let common = PSVersionNumber(2, min(client, server))
        guard server >= 1 else {
            let error = #expect(throws: PSRPError.self) { try pair.pump() }
            #expect(error?.code == .protocolVersion)
            return
        }
        try pair.pump()
        #expect(pair.client.protocolVersion == common)
        #expect(pair.server.protocolVersion == common)
        #expect(pair.clientEvents.contains(.opened(common)))
        let pipeline = pair.client.create(.line("1"))
        #expect(try pair.pump().last == .ended(pipeline, .completed, nil))
    }

    /// server/protocol-99: a server that is asked for 3.0 answers 2.4 and then nothing.
    @Test("A real server of another major version is an error that names the version")
    func capturedServerOfAnotherMajorVersion() throws {
        let capture = try Capture("server/protocol-99")
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(protocolVersion: PSVersionNumber(3, 0)),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        _ = client.bytesToSend()
        let error = #expect(throws: PSRPError.self) {
            for line in capture.bytes(.toClient) { try client.receive(line) }
        }
        #expect(error?.code == .protocolVersion)
        #expect(error?.message.contains("2.4") == true)
        #expect(error?.message.contains("3.0") == true)
    }

    /// client/tty-74-server: 2.4 is announced, and 2.3 is spoken.
    @Test("A real server of 2.3 is spoken to in 2.3")
    func capturedFallBack() throws {
        let capture = try Capture("client/tty-74-server")
        #expect(try CapturedClient(capture).protocolVersion == PSVersionNumber(2, 4))
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        for line in capture.bytes(.toClient).prefix(4) { try client.receive(line) }
        #expect(client.protocolVersion == PSVersionNumber(2, 3))
        #expect(client.isOpen)
    }

    @Test("A server that answers with a version nobody announced is an error")
    func serverAnswersMoreThanWasAnnounced() throws {
        for answer in [PSVersionNumber(2, 5), PSVersionNumber(3, 0), PSVersionNumber(1, 0)] {
            var client = OutOfProcessClient(
                configuration: ClientConfiguration(),
                identifiers: CountingIdentifiers(),
                cryptography: nil
            )
            client.open()
            let value = PSValue.properties([
                ("protocolversion", .version(answer)), ("PSVersion", .version(PSVersionNumber(2, 0))),
                ("SerializationVersion", .version(PSVersionNumber(1, 1, 0, 1))),
            ])
            let message = Message(.sessionCapability, to: .client, runspacePoolID: .zero, body: encodeCLIXML(value))
            let error = #expect(throws: PSRPError.self) { try client.receive(lines(message)) }
            #expect(error?.code == .protocolVersion)
        }
    }

    /// A server that cannot be spoken to says so, where a real one is silent.
    @Test("A server that cannot be spoken to says so")
    func serverRefusesByName() throws {
        let older = PSVersionNumber(1, 1, 0, 0)
        for (version, serialization) in [(PSVersionNumber(3, 0), nil), (PSVersionNumber(2, 4), older)] {
            var server = OutOfProcessServer(configuration: ServerConfiguration())
            let value = PSValue.properties([
                ("protocolversion", .version(version)), ("PSVersion", .version(PSVersionNumber(2, 0))),
                ("SerializationVersion", .version(serialization ?? PSVersionNumber(1, 1, 0, 1))),
            ])
            let message = Message(.sessionCapability, to: .server, runspacePoolID: .zero, body: encodeCLIXML(value))
            try server.receive(lines(message))
            #expect(server.nextEvent() == nil)
            let said = String(decoding: server.bytesToSend(), as: UTF8.self)
            let messages = try messages(
                in: Array(said.utf8).split(separator: 10).filter { $0.starts(with: "<Data ".utf8) }.joined(separator: [
                    10
                ]) + [10]
            )
            let state = try #require(messages.last).value(limits: .standard)
            #expect(state["RunspaceState"] == .int32(5))
            #expect(
                ErrorRecord(value: try #require(state["ExceptionAsErrorRecord"])).fullyQualifiedErrorID
                    == "ProtocolVersion"
            )
        }
    }

    @Test("A broken pool is an error of the far side")
    func brokenPoolIsTheFarSidesError() throws {
        var pair = SessionPair { (server, event) in
            guard case .opened = event else { return }
            server.breakPool(ErrorRecord.make(message: "no shell here", errorID: "NoShell", category: 21, reason: "X"))
        }
        pair.client.open()
        let error = #expect(throws: PSRPError.self) { try pair.pump() }
        #expect(error?.code == .farSide)
        #expect(error?.message.contains("no shell here") == true)
    }

    @Test("Several statements in one pipeline need version 2.2")
    func severalStatementsNeed22() throws {
        let request = PipelineRequest(
            statements: ["one", "two"].map { [PipelineCommand(PSString($0), isScript: true)] }
        )
        for (version, state) in [(PSVersionNumber(2, 1), PipelineState.failed), (PSVersionNumber(2, 2), .completed)] {
            var pair = SessionPair(client: ClientConfiguration(protocolVersion: version))
            pair.client.open()
            _ = pair.client.create(request)
            _ = pair.client.create(.line("next"))
            try pair.pump()
            #expect(pair.clientEvents.endings == [state, .completed])
            #expect(pair.clientEvents.writtenLines == (state == .completed ? ["one", "next"] : ["next"]))
        }
    }
}
