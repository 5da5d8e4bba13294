import PSRP

/// Commands that are announced by name alone, on a carriage whose Commands carry what creates the pipeline
/// (`CarriageTraits.Commands`). Sans-IO.
///
/// A name is acknowledged here, and said to the far side with the pipeline's first data; the Command's acknowledgement is
/// that data's then. A pipeline that the far side gives up without telling how it went is noticed here as well, since
/// out-of-process framing cannot say it.
struct AnnouncedCommands: Sendable {
    /// Known by name here alone.
    private var announced: Set<PipelineID> = []
    /// Those whose first data is on its way, as a Command.
    private var begun: Set<PipelineID> = []
    /// What came of each that runs, and has not told its state.
    private var reading: [PipelineID: FragmentReassembler] = [:]
    private let limits: SessionLimits

    init(limits: SessionLimits) {
        self.limits = limits
    }

    /// Takes a request.
    /// - Returns: what is to be said to the far side, nil for nothing, and what answers it at once.
    mutating func take(_ request: CarriageRequest) -> (request: CarriageRequest?, answer: CarriageEvent?) {
        switch request {
        case .command(let id, let bytes) where bytes.isEmpty:
            announced.insert(id)
            return (nil, .acknowledged(.command, .pipeline(id)))
        case .data(.pipeline(let id), .standard, let bytes) where announced.remove(id) != nil:
            begun.insert(id)
            reading[id] = FragmentReassembler(limits: limits)
            return (.command(id, bytes), nil)
        case .signal(let id) where announced.contains(id): return (nil, .acknowledged(.signal, .pipeline(id)))
        case .close(.pipeline(let id)) where announced.remove(id) != nil:
            return (nil, .acknowledged(.close, .pipeline(id)))
        case .open, .command, .data, .signal, .close, .negotiated: return (request, nil)
        }
    }

    /// An event as out-of-process framing has it.
    /// - Throws: where a pipeline is lost.
    mutating func translated(_ event: CarriageEvent) throws(PSRPError) -> CarriageEvent {
        switch event {
        case .acknowledged(.command, .pipeline(let id)) where begun.remove(id) != nil:
            return .acknowledged(.data, .pipeline(id))
        case .acknowledged(.close, .pipeline(let id)): reading[id] = nil
        case .data(.pipeline(let id), let bytes):
            let messages = try reading[id]?.receive(bytes) ?? []
            for message in messages where try Message(decoding: message).type == .pipelineState { reading[id] = nil }
        case .ended(.pipeline(let id)) where reading[id] != nil:
            throw PSRPError(.farSide, "The far side ended a pipeline without telling how it went.")
        case .acknowledged, .data, .ended, .largestFragment, .noise, .foreign, .broken: break
        }
        return event
    }
}
