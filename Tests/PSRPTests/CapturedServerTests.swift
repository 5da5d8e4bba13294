import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// A client that asks what a captured one asked, and gets what the captured server answered: its events say what the
/// capture does.
@Suite struct CapturedServerTests {
    /// Captures whose client broke the order rules or wrote junk: what their servers say cannot be asked for.
    static let apart: Set<String> = [
        "server/batch-one-write", "server/batch-open-command", "server/eof-while-running", "server/garbage-base64",
        "server/garbage-blank", "server/garbage-element", "server/garbage-fragment", "server/garbage-text",
        "server/next-before-close", "server/protocol-99", "server/two-pipelines", "server/unacked-fragments",
        "server-s/garbage-text", "server-7.4/next-before-close",
    ]

    @Test("A client understands what a real server sent", arguments: Capture.names.filter { !apart.contains($0) })
    func clientUnderstands(_ name: String) throws {
        let capture = try Capture(name)
        let said = try #require(Capture.said.first { $0.name == name }).lines
        let asked = try CapturedClient(capture)
        let exchangesKey = said.contains { $0.hasPrefix("c2s 00000000 00010005") }
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(protocolVersion: asked.protocolVersion),
            identifiers: asked.identifiers,
            cryptography: exchangesKey ? PretendedCryptography() : nil
        )
        client.open()
        for pipeline in asked.pipelines {
            switch pipeline.work {
            case .pipeline(let request)?: #expect(client.create(request) == pipeline.id)
            case .metadata(let request)?: #expect(client.createMetadataRequest(request) == pipeline.id)
            case nil: continue
            }
            for value in asked.inputs[pipeline.id] ?? [] { try client.sendInput(value, to: pipeline.id) }
            client.endInput(of: pipeline.id)
        }
        var events: [ClientEvent] = []
        for line in capture.lines where line.line != "<eof>" {
            try acknowledgeOthers(&client, besides: asked)
            if line.dir == .toServer, line.line.hasPrefix("<Close PSGuid='00000000-0000-0000") { client.close() }
            try acknowledgeOthers(&client, besides: asked)
            if line.dir == .toClient { try client.receive(Array(line.line.utf8)) }
            while let event = client.nextEvent() {
                events.append(event)
                if case .opened = event, exchangesKey { try client.askForSessionKey() }
            }
        }
        #expect(events.compactMap(gist) == said.compactMap(gist))
    }

    /// Acks the Commands that the captured client did not send: a pipeline announced ahead.
    private func acknowledgeOthers(_ client: inout OutOfProcessClient, besides asked: CapturedClient) throws {
        var decoder = OutOfProcessDecoder(side: .server, limits: SessionLimits())
        decoder.receive(client.bytesToSend())
        while case .element(let element)? = try decoder.next() {
            guard element.kind == .command, !asked.pipelines.contains(where: { $0.id == element.target }) else {
                continue
            }
            var ack: [UInt8] = []
            OutOfProcessElement(.commandAck, element.target).write(to: &ack)
            try client.receive(ack)
        }
    }

    /// A line of make_said.py that stands for an event.
    private func gist(_ line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 5, words[0] == "s2c" else { return nil }
        switch words[2] {
        case "00010002": return nil
        case "00021005": return words[4] == "2" ? "opened" : nil
        case "00021004": return "availability"
        case "00021009": return "privateData"
        case "00010006": return "key"
        case "00041100", "00041006": return "\(words[1]) \(words[2]) \(words[4])"
        default: return "\(words[1]) \(words[2])"
        }
    }

    private func gist(_ event: ClientEvent) -> String? {
        switch event {
        case .noise(let line): "noise \(line)"
        case .foreign(let text): "foreign \(text)"
        case .privateData: "privateData"
        case .opened: "opened"
        case .output(let pipeline, _): "\(short(pipeline)) 00041004"
        case .error(let pipeline, _): "\(short(pipeline)) 00041005"
        case .record(let pipeline, let stream, _):
            switch stream {
            case .debug: "\(short(pipeline)) 00041007"
            case .verbose: "\(short(pipeline)) 00041008"
            case .warning: "\(short(pipeline)) 00041009"
            case .progress: "\(short(pipeline)) 00041010"
            case .information: "\(short(pipeline)) 00041011"
            }
        case .hostCall(let call): "\(call.pipeline.map(short) ?? "pool") 00041100 \(call.method.rawValue)"
        case .ended(let pipeline, let state, _): "\(short(pipeline)) 00041006 \(state.rawValue)"
        case .availability: "availability"
        case .other(.encryptedSessionKey, _): "key"
        case .other(let type, _): "\(type)"
        case .closed: nil
        }
    }

    private func short(_ pipeline: PipelineID) -> String {
        String(pipeline.description.prefix(8))
    }
}
