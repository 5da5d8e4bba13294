import CLIXML
package import PSRP

/// Counts a client's breaches of the order rules, by what had reached it when it spoke: those of `ClientSession` in any
/// carriage (Sources/psrun/psrun.docc/OutOfProcess.md).
package struct OrderChecker {
    private struct Pipeline {
        var isCommandAcknowledged = false
        var hasData = false
        var unacknowledged = 0
        var hasEnded = false
        var isClosed = false
    }

    private let commands: CarriageTraits.Commands
    package private(set) var breaches: [String] = []
    private var isOpenSent = false
    private var isPoolOpen = false
    private var unacknowledgedPoolData = 0
    private var isPoolClosed = false
    private var pipelines: [PipelineID: Pipeline] = [:]
    private var running: PipelineID?

    package init(_ commands: CarriageTraits.Commands) {
        self.commands = commands
    }

    /// Notes what the client sends.
    package mutating func sent(_ request: CarriageRequest) {
        if isPoolClosed { breach("\(request) after Close of the pool") }
        switch request {
        case .open:
            if isOpenSent { breach("a second opening") }
            isOpenSent = true
            sentPoolData()
        case .data(.pool, _, _):
            if !isOpenSent { breach("Data of the pool before its opening") }
            sentPoolData()
        case .data(.pipeline(let id), _, _):
            if pipelines[id]?.isCommandAcknowledged == false { breach("Data before the Command's ack") }
            sentData(id)
        case .command(let id, let first): sentCommand(id, first)
        case .signal(let id):
            if pipelines[id]?.hasData != true || pipelines[id]?.unacknowledged != 0 {
                breach("Signal before the ack of what creates its pipeline")
            }
        case .close(.pool):
            isPoolClosed = true
            if pipelines.values.contains(where: { !$0.isClosed }) { breach("Close of the pool before a Command's") }
        case .close(.pipeline(let id)):
            if pipelines[id]?.isCommandAcknowledged != true { breach("Close before the Command's ack") }
            if pipelines[id]?.isClosed == true { breach("a second Close") }
            pipelines[id]?.isClosed = true
            if running == id { running = nil }
        case .negotiated: break
        }
    }

    private mutating func sentPoolData() {
        unacknowledgedPoolData += 1
        if unacknowledgedPoolData > 1 { breach("two Data of the pool on their way") }
    }

    private mutating func sentCommand(_ id: PipelineID, _ first: [UInt8]) {
        if pipelines[id] != nil { breach("a second Command") }
        pipelines[id] = Pipeline()
        switch commands {
        case .announced:
            if !first.isEmpty { breach("a Command that carries something") }
            let spare = pipelines.values.filter { !$0.hasData && !$0.isClosed }.count
            if spare > 1 { breach("\(spare) spare Commands") }
        case .carryFirstFragment:
            if first.isEmpty { breach("a Command that carries nothing") }
            sentData(id)
        }
    }

    private mutating func sentData(_ id: PipelineID) {
        guard var pipeline = pipelines[id] else { return breach("Data without Command") }
        if !isPoolOpen { breach("Data before the pool was open") }
        if pipeline.hasEnded || pipeline.isClosed { breach("Data after the end") }
        if let running, running != id { breach("Data before the pipeline before it ended") }
        running = id
        pipeline.hasData = true
        pipeline.unacknowledged += 1
        if pipeline.unacknowledged > 1 { breach("two Data of a pipeline on their way") }
        pipelines[id] = pipeline
    }

    /// Notes what reaches the client.
    package mutating func received(_ event: CarriageEvent) throws {
        switch event {
        case .acknowledged(.open, _), .acknowledged(.data, .pool): unacknowledgedPoolData -= 1
        case .acknowledged(.data, .pipeline(let id)): pipelines[id]?.unacknowledged -= 1
        case .acknowledged(.command, .pipeline(let id)):
            pipelines[id]?.isCommandAcknowledged = true
            if commands == .carryFirstFragment { pipelines[id]?.unacknowledged -= 1 }
        case .data(let target, let fragment):
            let isWholeMessage = fragment[16] == 3
            guard isWholeMessage else { return }
            let message = try Message(decoding: Array(fragment.dropFirst(Fragment.headerSize)))
            if message.type == .runspacePoolState { isPoolOpen = true }
            if message.type == .pipelineState, case .pipeline(let id) = target { ended(id) }
        case .ended(.pipeline(let id)): ended(id)
        case .acknowledged, .ended(.pool), .largestFragment, .noise, .foreign, .broken: break
        }
    }

    private mutating func ended(_ id: PipelineID) {
        pipelines[id]?.hasEnded = true
        if running == id { running = nil }
    }

    private mutating func breach(_ what: String) {
        breaches.append(what)
    }
}
