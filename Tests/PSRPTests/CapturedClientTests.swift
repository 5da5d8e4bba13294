import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// What real clients sent is taken by a server, and means what it says.
@Suite struct CapturedClientTests {
    @Test("A server understands what a real client sent", arguments: Capture.names.filter { $0.hasPrefix("client/") })
    func serverUnderstands(_ name: String) throws {
        let capture = try Capture(name)
        let said = try #require(Capture.said.first { $0.name == name }).lines
        let lines = capture.bytes(.toServer)
        let cut = SessionPair.Cut.pieces([1, 7, 400, 33])
        for pieces in [lines, cut.pieces(of: lines.flatMap(\.self))] {
            #expect(try serve(pieces).compactMap(gist) == said.compactMap(gist))
        }
    }

    @Test("Arguments arrive as the real client sends them")
    func argumentsArriveAsTheRealClientSendsThem() throws {
        let requests = try serve(Capture("client/basic").bytes(.toServer)).compactMap { event in
            if case .createPipeline(_, let request) = event { request } else { nil }
        }
        let first = try #require(requests.first { $0.statements[0].contains { $0.text == "Select-Object" } })
        #expect(
            first.statements[0].first { $0.text == "Select-Object" }?.arguments == [
                .init(name: "-First", value: .null), .init(value: .int32(3)), .init(value: .string("Name")),
            ]
        )
    }

    @Test(
        "Requests of psrun's own are those of the real client",
        arguments: [
            ("client/errors", PipelineRequest.rendering), ("client/basic", .prompt), ("client/basic", .line("1+1")),
        ]
    )
    func ownRequestsAreTheRealClients(_ name: String, _ request: PipelineRequest) throws {
        let asked = try CapturedClient(Capture(name)).pipelines.compactMap { pipeline in
            if case .pipeline(let request)? = pipeline.work { request } else { nil }
        }
        #expect(asked.contains(request))
    }

    /// Colours by number, -1 for none: a Write-Host without colours comes without any (client/tty).
    @Test("psrun's console has the colours and the cursor of PowerShell's own on Linux")
    func consoleIsTheRealOnes() throws {
        var client = OutOfProcessClient(
            configuration: ClientConfiguration(),
            identifiers: CountingIdentifiers(),
            cryptography: nil
        )
        client.open()
        let own = try hostData(client.bytesToSend())
        for name in ["client/tty", "client/basic"] {
            let real = try hostData(Array(try Capture(name).bytes(.toServer).joined()))
            for key in [0, 1, 3, 4] as [Int32] {
                let wanted = try #require(real[key])
                #expect(own[key]?["T"]?.text == wanted["T"]?.text)
                #expect(own[key]?["V"]?.int32Value == wanted["V"]?.int32Value, "\(key)")
            }
        }
    }

    /// HostInfo's host data in a client's bytes, by its keys (MS-PSRP 2.2.3.14).
    private func hostData(_ bytes: [UInt8]) throws -> [Int32: PSValue] {
        let opening = try #require(try messages(in: bytes).first { $0.type == .initRunspacePool })
        let info = try opening.value(limits: .standard)["HostInfo"]
        let entries = try #require(info?["_hostDefaultData"]?["data"]?.entries)
        return Dictionary(entries.compactMap { entry in entry.key.int32Value.map { ($0, entry.value) } }) { $1 }
    }

    @Test("The real client's host is described when the pool opens")
    func hostOfThePool() throws {
        let events = try serve(Capture("client/basic").bytes(.toServer))
        #expect(
            events.first == .opened(HostDescription(columns: 80, rows: -1, title: ""), PSVersionNumber(2, 4))
        )
    }

    /// A server that runs each pipeline until its Close.
    private func serve(_ pieces: [[UInt8]]) throws -> [ServerEvent] {
        // Their secure strings are under the captured servers' keys.
        let cryptography = PretendedCryptography(takesAnything: true)
        var server = OutOfProcessServer(configuration: ServerConfiguration(), cryptography: cryptography)
        var events: [ServerEvent] = []
        for piece in pieces {
            try server.receive(piece)
            while let event = server.nextEvent() {
                events.append(event)
                switch event {
                case .opened: server.openPool(privateData: [])
                case .closePipeline(let pipeline): server.sendState(.stopped, of: pipeline)
                case .closePool: server.finishClose()
                case .createPipeline, .commandMetadata, .input, .endOfInput, .signal, .hostReply, .resetRunspace: break
                }
            }
        }
        return events
    }

    private func gist(_ event: ServerEvent) -> String? {
        switch event {
        case .opened: "opened"
        case .createPipeline(let pipeline, _): "\(short(pipeline)) created"
        case .commandMetadata(let pipeline, _): "\(short(pipeline)) metadata"
        case .input(let pipeline, _): "\(short(pipeline)) input"
        case .endOfInput(let pipeline): "\(short(pipeline)) end"
        case .signal(let pipeline): "\(short(pipeline)) signal"
        case .hostReply(let pipeline, _, _): "\(pipeline.map(short) ?? "pool") reply"
        case .closePipeline(let pipeline): "\(short(pipeline)) close"
        case .closePool: "close"
        case .resetRunspace: "reset"
        }
    }

    private func gist(_ line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 3, words[0] == "c2s" else { return nil }
        return switch words[2] {
        case "00010004": "opened"
        case "00021006": "\(words[1]) created"
        case "0002100a": "\(words[1]) metadata"
        case "00041002": "\(words[1]) input"
        case "00041003": "\(words[1]) end"
        case "00041101": "\(words[1]) reply"
        case "Signal": "\(words[1]) signal"
        case "Close": words[1] == "00000000" ? "close" : "\(words[1]) close"
        default: nil
        }
    }

    private func short(_ pipeline: PipelineID) -> String {
        String(pipeline.description.prefix(8))
    }
}
