import CLIXML
package import PSRP

/// A client and a server in memory, pumped until both are quiet.
package struct SessionPair {
    /// How bytes are cut on their way.
    package enum Cut {
        case whole
        case single
        case pieces([Int])

        package func pieces(of bytes: [UInt8]) -> [[UInt8]] {
            switch self {
            case .whole: return [bytes]
            case .single: return bytes.map { [$0] }
            case .pieces(let sizes):
                var rest = bytes[...]
                var pieces: [[UInt8]] = []
                var turn = 0
                while !rest.isEmpty {
                    let size = sizes[turn % sizes.count]
                    pieces.append(Array(rest.prefix(size)))
                    rest = rest.dropFirst(size)
                    turn += 1
                }
                return pieces
            }
        }
    }

    package var client: OutOfProcessClient
    package var server: OutOfProcessServer
    package var cut = Cut.whole
    /// What the server does with its events.
    package var serve: (inout ServerSession, ServerEvent) -> Void
    /// What the client does with its events, before it sends.
    package var react: (inout ClientSession, ClientEvent) -> Void = { _, _ in }
    package private(set) var clientEvents: [ClientEvent] = []
    package private(set) var serverEvents: [ServerEvent] = []
    /// Writes of the client's that were not empty: what a round trip costs.
    package private(set) var clientWrites = 0
    /// Everything the client wrote.
    package private(set) var clientBytes: [UInt8] = []

    package init(
        client: ClientConfiguration = ClientConfiguration(),
        server: ServerConfiguration = ServerConfiguration(),
        cryptography: (any ClientKeyCryptography)? = nil,
        serve: @escaping (inout ServerSession, ServerEvent) -> Void = SessionPair.echo
    ) {
        self.client = OutOfProcessClient(
            configuration: client,
            identifiers: CountingIdentifiers(),
            cryptography: cryptography
        )
        self.server = OutOfProcessServer(configuration: server, cryptography: cryptography)
        self.serve = serve
    }

    /// Pumps until neither side has anything to say.
    /// - Returns: what the client noticed meanwhile.
    @discardableResult
    package mutating func pump() throws(PSRPError) -> [ClientEvent] {
        var noticed: [ClientEvent] = []
        while true {
            while let event = client.nextEvent() {
                noticed.append(event)
                react(&client.session, event)
            }
            let up = client.bytesToSend()
            if !up.isEmpty { clientWrites += 1 }
            clientBytes += up
            for piece in cut.pieces(of: up) {
                try server.receive(piece)
                while let event = server.nextEvent() {
                    serverEvents.append(event)
                    serve(&server.session, event)
                }
            }
            let down = server.bytesToSend()
            for piece in cut.pieces(of: down) { try client.receive(piece) }
            if up.isEmpty, down.isEmpty { break }
        }
        clientEvents += noticed
        return noticed
    }

    /// Opens its pool; answers a pipeline with its own text by WriteLine2, and what it is given as its output.
    package static func echo(_ server: inout ServerSession, _ event: ServerEvent) {
        switch event {
        case .opened: server.openPool(privateData: [("PSVersionTable", .dictionary([]))])
        case .createPipeline(let pipeline, let request):
            let text = request.statements.first?.first?.text ?? ""
            server.callHost(.writeLine2, [.string(text)], pipeline: pipeline)
            if request.noInput { server.sendState(.completed, of: pipeline) }
        case .commandMetadata(let pipeline, let request):
            server.sendOutput(.int32(Int32(request.names.count)), of: pipeline)
            server.sendState(.completed, of: pipeline)
        case .input(let pipeline, let value): server.sendOutput(value, of: pipeline)
        case .endOfInput(let pipeline): server.sendState(.completed, of: pipeline)
        case .signal(let pipeline), .closePipeline(let pipeline): server.sendState(.stopped, of: pipeline)
        case .hostReply(let pipeline?, _, .result(let value)):
            server.sendOutput(value ?? .null, of: pipeline)
            server.sendState(.completed, of: pipeline)
        case .hostReply(let pipeline?, _, .refused(let message, let errorID)):
            let error = ErrorRecord.make(message: message, errorID: errorID, category: 18, reason: "HostException")
            server.sendState(.failed, error, of: pipeline)
        case .hostReply(nil, _, _), .resetRunspace: break
        case .closePool: server.finishClose()
        }
    }
}

extension Array<ClientEvent> {
    /// What was written by WriteLine2.
    package var writtenLines: [String] {
        compactMap { event in
            if case .hostCall(let call) = event, call.method == .writeLine2 { call.parameters.first?.text } else { nil }
        }
    }

    package var endings: [PipelineState] {
        compactMap { if case .ended(_, let state, _) = $0 { state } else { nil } }
    }
}
