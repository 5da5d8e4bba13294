import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// Captured streams with bytes changed at random: each ends in an error with a name or in nothing worse than other
/// values, on both sides.
@Suite struct DamagedStreamTests {
    @Test(
        "A client survives a damaged stream with an error or an event",
        arguments: ["server/early-command", "server/prompts-answered"]
    )
    func clientSurvives(_ name: String) throws {
        let capture = try Capture(name)
        let asked = try CapturedClient(capture)
        let codes = try damage(capture.bytes(.toClient)) { pieces throws(PSRPError) in
            var client = OutOfProcessClient(
                configuration: ClientConfiguration(protocolVersion: asked.protocolVersion),
                identifiers: asked.identifiers,
                cryptography: nil
            )
            client.open()
            for case .pipeline(let request)? in asked.pipelines.map(\.work) { _ = client.create(request) }
            for piece in pieces {
                _ = client.bytesToSend()
                try client.receive(piece)
            }
        }
        #expect(codes.isSuperset(of: [.malformedElement, .malformedFragment, .malformedMessage, .malformedBody]))
    }

    @Test("A server survives a damaged stream with an error or an event", arguments: ["client/basic", "client/errors"])
    func serverSurvives(_ name: String) throws {
        let capture = try Capture(name)
        let codes = try damage(capture.bytes(.toServer)) { pieces throws(PSRPError) in
            var server = OutOfProcessServer(configuration: ServerConfiguration(), cryptography: PretendedCryptography())
            for piece in pieces {
                try server.receive(piece)
                while let event = server.nextEvent() { SessionPair.echo(&server.session, event) }
                _ = server.bytesToSend()
            }
        }
        #expect(codes.isSuperset(of: [.malformedElement, .malformedFragment, .malformedMessage, .malformedBody]))
    }

    /// Changes one line at a time, in its text or in the bytes that it carries.
    /// - Returns: the codes of the errors that came of it.
    private func damage(
        _ lines: [[UInt8]],
        _ run: ([[UInt8]]) throws(PSRPError) -> Void
    ) throws -> Set<PSRPError.Code> {
        var random = SplitMix64(seed: 11)
        var codes: Set<PSRPError.Code> = []
        let few = Array(lines.prefix(14))
        for _ in 0..<150 {
            var damaged = few
            let index = Int.random(in: few.indices, using: &random)
            damaged[index] = change(few[index], &random)
            do {
                try run(damaged)
            } catch {
                codes.insert(error.code)
            }
        }
        return codes
    }

    private func change(_ line: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var decoder = OutOfProcessDecoder(side: .server, limits: SessionLimits())
        decoder.receive(line)
        guard Int.random(in: 0..<4, using: &random) > 0, case .element(let element)? = try? decoder.next(),
            case .data(let stream, var bytes) = element.kind
        else { return flipped(line, &random) }
        // Half of the changes hit the headers of the fragment and of the message.
        let headers = min(bytes.count, Fragment.headerSize + Message.headerSize)
        let range = Bool.random(using: &random) ? 0..<headers : bytes.indices
        bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
        var changed: [UInt8] = []
        OutOfProcessElement(.data(stream, bytes), element.target).write(to: &changed)
        return changed
    }

    private func flipped(_ line: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var line = line
        line[Int.random(in: line.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
        return line
    }
}
