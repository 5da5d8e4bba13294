import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// Secure strings: in the clear at 2.4, under an exchanged key before that.
@Suite struct SessionKeyTests {
    private static let secret: [UInt8] = [0x70, 0, 0xE4, 0, 0x73, 0, 0x73, 0]

    /// server/key-exchange: its public key, what its server sent, and what OpenSSL makes of both with the private key.
    @Test(
        "A captured exchange of the session key is understood",
        arguments: [
            ("server/key-exchange", "c86b3b05e11ec411d0bec79a3caf4760f3e70baadde238e07e4b317d4f5e455c"),
            ("server-7.4/key-exchange", "d17f5bbcf8f108108c8a88527c37274f56f46adcda308303a780c10e3df1e356"),
        ]
    )
    func capturedExchange(_ name: String, _ key: String) throws {
        let capture = try Capture(name)
        let captured = try CapturedExchange(capture)
        let publicKey = try RSAPublicKey(publicKeyBlob: captured.publicKeyBlob)
        #expect(publicKey.exponent == 65537)
        #expect(publicKey.modulus.count == 256)
        #expect(publicKey.publicKeyBlob == captured.publicKeyBlob)

        let cryptography = CapturedKeyCryptography(
            pair: .init(
                publicKey: publicKey,
                ciphertext: captured.sessionKeyBlob.dropFirst(12).reversed(),
                sessionKey: bytes(hexadecimal: key)
            ),
            plaintext: Self.secret,
            secureString: captured.secureString
        )
        let asked = try CapturedClient(capture)
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(protocolVersion: asked.protocolVersion),
            identifiers: asked.identifiers,
            cryptography: cryptography
        )
        client.open()
        guard case .pipeline(let request)? = asked.pipelines[0].work else {
            Issue.record("the capture has no pipeline")
            return
        }
        _ = client.create(request)
        var sent = client.bytesToSend()
        var revealed: [PSString?] = []
        for line in capture.lines where line.dir == .toClient {
            if line.line.hasPrefix("<CloseAck") { break }
            try client.receive(Array(line.line.utf8))
            while let event = client.nextEvent() {
                if case .opened = event { try client.askForSessionKey() }
                if case .output(_, .secureString(let bytes)) = event {
                    revealed.append(try client.revealSecureString(bytes))
                }
            }
            sent += client.bytesToSend()
        }
        #expect(revealed == ["päss"])
        #expect(try CapturedExchange.publicKeyBlob(in: sent) == captured.publicKeyBlob)
    }

    @Test(
        "Before version 2.4 a secure reply is encrypted under an exchanged key",
        arguments: [PSVersionNumber(2, 1), PSVersionNumber(2, 2), PSVersionNumber(2, 3)]
    )
    func replyIsEncryptedUnderAnExchangedKey(_ version: PSVersionNumber) throws {
        let events = try ask(version, PretendedCryptography())
        #expect(
            events.server.contains(
                .hostReply(pipeline: events.pipeline, callID: 1, .result(.secureString(Self.secret)))
            )
        )
        #expect(events.client.contains(.other(.encryptedSessionKey, .null)))
        #expect(!events.bytes.contains(Self.secretText))
        #expect(events.client.last == .ended(events.pipeline, .completed, nil))
        #expect(events.revealed == "päss")
    }

    @Test("At version 2.4 a secure reply is not encrypted")
    func replyIsPlainAt24() throws {
        let events = try ask(PSVersionNumber(2, 4), nil)
        #expect(
            events.server.contains(
                .hostReply(pipeline: events.pipeline, callID: 1, .result(.secureString(Self.secret)))
            )
        )
        #expect(!events.client.contains(.other(.encryptedSessionKey, .null)))
        #expect(events.revealed == "päss")
    }

    @Test("A session without cryptography refuses a secure reply by name")
    func withoutCryptographyItIsRefusedByName() throws {
        let error = #expect(throws: PSRPError.self) { try ask(PSVersionNumber(2, 3), nil) }
        #expect(error?.code == .sessionKey)
        #expect(error?.message.contains("päss") == false)
    }

    @Test("Secure input waits until the version is known")
    func inputWaitsForTheVersion() throws {
        for version in [PSVersionNumber(2, 3), PSVersionNumber(2, 4)] {
            var pair = SessionPair(
                client: ClientConfiguration(protocolVersion: version),
                cryptography: PretendedCryptography()
            )
            pair.client.open()
            let pipeline = pair.client.create(.rendering)
            try pair.client.sendInput(.list([.secureString(Self.secret), .string("then")]), to: pipeline)
            try pair.client.sendInput(.string("last"), to: pipeline)
            pair.client.endInput(of: pipeline)
            try pair.pump()
            let inputs = pair.serverEvents.compactMap { event in
                if case .input(_, let value) = event { value } else { nil }
            }
            #expect(inputs == [.list([.secureString(Self.secret), .string("then")]), .string("last")])
        }
    }

    @Test("A request for the public key is answered")
    func publicKeyRequestIsAnswered() throws {
        var pair = SessionPair(
            client: ClientConfiguration(protocolVersion: PSVersionNumber(2, 3)),
            cryptography: PretendedCryptography()
        )
        pair.client.open()
        try pair.pump()
        try pair.client.receive(
            lines(Message(.publicKeyRequest, to: .client, runspacePoolID: .zero, body: Array("<S></S>".utf8)))
        )
        #expect(try pair.pump() == [.other(.encryptedSessionKey, .null)])
    }

    /// Base64 of CLIXML in base64 would hide it anyway: looked for in what the fragments carry.
    private static let secretText = "cADkAHMAcwA="

    private struct Exchange {
        var pipeline: PipelineID
        var client: [ClientEvent]
        var server: [ServerEvent]
        var bytes: String
        var revealed: PSString?
    }

    /// Has a far side ask for a secure string, which it then sends back.
    private func ask(
        _ version: PSVersionNumber,
        _ cryptography: (any ClientKeyCryptography)?
    ) throws(PSRPError) -> Exchange {
        var pair = SessionPair(client: ClientConfiguration(protocolVersion: version), cryptography: cryptography) {
            (server, event) in
            guard case .createPipeline(let pipeline, _) = event else { return SessionPair.echo(&server, event) }
            server.callHost(.readLineAsSecureString, [], pipeline: pipeline)
        }
        pair.client.open()
        let pipeline = pair.client.create(.line("Read-Host -AsSecureString"))
        for case .hostCall(let call) in try pair.pump() {
            try pair.client.reply(.result(.secureString(Self.secret)), to: call)
        }
        try pair.pump()
        var revealed: PSString?
        for case .output(_, .secureString(let bytes)) in pair.clientEvents {
            revealed = try pair.client.revealSecureString(bytes)
        }
        return Exchange(
            pipeline: pipeline,
            client: pair.clientEvents,
            server: pair.serverEvents,
            bytes: try bodies(in: pair.clientBytes),
            revealed: revealed
        )
    }
}
