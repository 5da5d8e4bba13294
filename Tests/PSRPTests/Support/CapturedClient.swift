import CLIXML
import PSRP

/// What a captured client asked for, in its order.
struct CapturedClient {
    enum Work {
        case pipeline(PipelineRequest)
        case metadata(CommandMetadataRequest)
    }

    private(set) var protocolVersion = PSVersionNumber(2, 4)
    private(set) var runspacePoolID = PSGuid.zero
    /// The pipelines, in the order of their Commands; nil for one that was announced and not used.
    private(set) var pipelines: [(id: PSGuid, work: Work?)] = []
    private(set) var inputs: [PSGuid: [PSValue]] = [:]

    init(_ capture: Capture) throws {
        var decoder = OutOfProcessDecoder(side: .server, limits: SessionLimits())
        var streams: [String: FragmentReassembler] = [:]
        decoder.receive(capture.bytes(.toServer).flatMap(\.self))
        while case .element(let element)? = try decoder.next() {
            if element.kind == .command { pipelines.append((element.target, nil)) }
            guard case .data(let stream, let slice) = element.kind else { continue }
            let key = "\(element.target) \(stream)"
            var reassembler = streams[key] ?? FragmentReassembler(limits: SessionLimits())
            for message in try reassembler.receive(slice) { try note(Message(decoding: message)) }
            streams[key] = reassembler
        }
    }

    private mutating func note(_ message: Message) throws {
        let value = try message.value(limits: .standard)
        let index = pipelines.firstIndex { $0.id == message.pipelineID }
        switch message.type {
        case .sessionCapability:
            if case .version(let version)? = value["protocolversion"] { protocolVersion = version }
        case .initRunspacePool: runspacePoolID = message.runspacePoolID
        case .createPipeline:
            if let index { pipelines[index].work = .pipeline(try PipelineRequest(value: value)) }
        case .getCommandMetadata:
            if let index { pipelines[index].work = .metadata(try CommandMetadataRequest(value: value)) }
        case .pipelineInput: inputs[message.pipelineID, default: []].append(value)
        default: break
        }
    }

    var identifiers: CapturedIdentifiers {
        CapturedIdentifiers([runspacePoolID] + pipelines.map(\.id))
    }
}
