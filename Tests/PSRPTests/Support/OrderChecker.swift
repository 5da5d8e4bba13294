import CLIXML
import PSRP

/// Counts a client's breaches of the order rules, by what had reached it when it spoke (psrp-brief section 4).
struct OrderChecker {
    private struct Pipeline {
        var isCommandAcknowledged = false
        var hasData = false
        var unacknowledged = 0
        var hasEnded = false
        var isClosed = false
    }

    private(set) var breaches: [String] = []
    private var isPoolOpen = false
    private var unacknowledgedPoolData = 0
    private var isPoolClosed = false
    private var pipelines: [PSGuid: Pipeline] = [:]
    private var running: PSGuid?

    /// Notes what the client sends.
    mutating func sent(_ element: OutOfProcessElement) {
        if isPoolClosed { breach("\(element.kind.name) after Close of the pool") }
        switch element.kind {
        case .dataAck, .commandAck, .signalAck, .closeAck: breach("a client's \(element.kind.name)")
        case .data where element.target == .zero:
            unacknowledgedPoolData += 1
            if unacknowledgedPoolData > 1 { breach("two Data of the pool on their way") }
        case .data: sentData(element.target)
        case .command:
            if pipelines[element.target] != nil { breach("a second Command") }
            pipelines[element.target] = Pipeline()
            let spare = pipelines.values.filter { !$0.hasData && !$0.isClosed }.count
            if spare > 1 { breach("\(spare) spare Commands") }
        case .signal:
            if pipelines[element.target]?.hasData != true || pipelines[element.target]?.unacknowledged != 0 {
                breach("Signal before the ack of what creates its pipeline")
            }
        case .close where element.target == .zero:
            isPoolClosed = true
            if pipelines.values.contains(where: { !$0.isClosed }) { breach("Close of the pool before a Command's") }
        case .close:
            if pipelines[element.target]?.isCommandAcknowledged != true { breach("Close before CommandAck") }
            if pipelines[element.target]?.isClosed == true { breach("a second Close") }
            pipelines[element.target]?.isClosed = true
            if running == element.target { running = nil }
        }
    }

    private mutating func sentData(_ target: PSGuid) {
        guard var pipeline = pipelines[target] else { return breach("Data without Command") }
        if !isPoolOpen { breach("Data before the pool was open") }
        if !pipeline.isCommandAcknowledged { breach("Data before CommandAck") }
        if pipeline.hasEnded || pipeline.isClosed { breach("Data after the end") }
        if let running, running != target { breach("Data before the pipeline before it ended") }
        running = target
        pipeline.hasData = true
        pipeline.unacknowledged += 1
        if pipeline.unacknowledged > 1 { breach("two Data of a pipeline on their way") }
        pipelines[target] = pipeline
    }

    /// Notes what reaches the client.
    mutating func received(_ element: OutOfProcessElement) throws {
        switch element.kind {
        case .dataAck where element.target == .zero: unacknowledgedPoolData -= 1
        case .dataAck: pipelines[element.target]?.unacknowledged -= 1
        case .commandAck: pipelines[element.target]?.isCommandAcknowledged = true
        case .data(_, let fragment):
            let isWholeMessage = fragment[16] == 3
            guard isWholeMessage else { return }
            let message = try Message(decoding: Array(fragment.dropFirst(Fragment.headerSize)))
            if message.type == .pipelineState {
                pipelines[element.target]?.hasEnded = true
                if running == element.target { running = nil }
            }
            if message.type == .runspacePoolState { isPoolOpen = true }
        case .command, .signal, .signalAck, .close, .closeAck: break
        }
    }

    private mutating func breach(_ what: String) {
        breaches.append(what)
    }
}
