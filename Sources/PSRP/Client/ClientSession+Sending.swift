import CLIXML

extension ClientSession {
    /// Whole lines, all that may fly now; empty when there is nothing.
    package mutating func bytesToSend() -> [UInt8] {
        switch phase {
        case .opening, .open, .leaving: fly()
        case .idle, .closing, .poolClosed, .closed, .failed: break
        }
        defer { output = [] }
        return output
    }

    private mutating func fly() {
        flyPoolData()
        closeRetiredCommands()
        switch phase {
        case .opening: announceNext()
        case .open:
            flyPipeline()
            announceNext()
        case .leaving: closePool()
        case .idle, .closing, .poolClosed, .closed, .failed: break
        }
    }

    private mutating func flyPoolData() {
        if let data = poolChannel.nextData(of: .zero, with: &fragmenter) { write(data, .zero) }
    }

    /// Starts the first pipeline where it may, and sends what it has to say.
    private mutating func flyPipeline() {
        while let first = pipelines.first, !first.hasStarted, first.hasSeveralStatements,
            let version = protocolVersion, version < SessionCapability.severalStatements
        {
            finish(at: 0, .failed, Self.severalStatementsRefused)
        }
        guard var pipeline = pipelines.first, isAcknowledged(pipeline.id) else { return }
        pipeline.hasStarted = true
        if let data = pipeline.channel.nextData(of: pipeline.id, with: &fragmenter) { write(data, pipeline.id) }
        if case .wanted = pipeline.stop, pipeline.channel.hasDeliveredFirst {
            pipeline.stop = .signalled
            write(.signal, pipeline.id)
        }
        pipelines[0] = pipeline
    }

    /// Announces the pipeline that comes next, or one that may be needed.
    private mutating func announceNext() {
        let next = pipelines.first { !$0.hasStarted }?.id
        let id = next ?? spare ?? identifiers.nextIdentifier()
        if next == nil { spare = id }
        guard !commands.contains(where: { $0.id == id }) else { return }
        commands.append(AnnouncedCommand(id: id))
        write(.command, id)
    }

    private mutating func closeRetiredCommands() {
        for command in commands where command.isRetired && command.isAcknowledged { write(.close, command.id) }
        commands.removeAll { $0.isRetired && $0.isAcknowledged }
    }

    private mutating func closePool() {
        guard commands.isEmpty, !poolChannel.isAwaitingAck else { return }
        write(.close, .zero)
        phase = .closing
    }

    private func isAcknowledged(_ id: PipelineID) -> Bool {
        commands.contains { $0.id == id && $0.isAcknowledged }
    }

    private mutating func write(_ kind: OutOfProcessElement.Kind, _ target: PSGuid) {
        OutOfProcessElement(kind, target).write(to: &output)
    }

    private static let severalStatementsRefused = ErrorRecord.make(
        message: "Several statements in one pipeline need protocol 2.2, and the far side speaks an older one.",
        errorID: "ProtocolVersion",
        category: 11,
        reason: "PSNotSupportedException"
    )
}
