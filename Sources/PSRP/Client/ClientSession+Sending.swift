import CLIXML

extension ClientSession {
    /// All that may fly now, in order; empty when there is nothing.
    package mutating func requestsToSend() -> [CarriageRequest] {
        switch phase {
        case .opening, .open, .leaving: fly()
        case .idle, .closing, .poolClosed, .closed, .failed: break
        }
        defer { requests = [] }
        return requests
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
        let data = poolChannel.nextData(of: .zero, with: &fragmenter, largestFragment: carriage.largestFragment)
        guard let data else { return }
        requests.append(data.isFirst ? .open(data.bytes) : .data(.pool, data.stream, data.bytes))
    }

    /// Starts the first pipeline where it may, and sends what it has to say.
    private mutating func flyPipeline() {
        while let first = pipelines.first, !first.hasStarted, first.hasSeveralStatements,
            let version = protocolVersion, version < SessionCapability.severalStatements
        {
            finish(at: 0, .failed, Self.severalStatementsRefused)
        }
        guard let id = pipelines.first?.id else { return }
        switch carriage.commands {
        case .announced: guard isAcknowledged(id) else { return }
        case .carryFirstFragment: break
        }
        let data = pipelines[0].channel.nextData(
            of: id,
            with: &fragmenter,
            largestFragment: carriage.largestFragment
        )
        switch carriage.commands {
        case .announced:
            pipelines[0].hasStarted = true
            if let data { requests.append(.data(.pipeline(id), data.stream, data.bytes)) }
        case .carryFirstFragment:
            guard let data else { break }
            if data.isFirst {
                pipelines[0].hasStarted = true
                send(command: id, data.bytes)
            } else {
                requests.append(.data(.pipeline(id), data.stream, data.bytes))
            }
        }
        if case .wanted = pipelines[0].stop, pipelines[0].channel.hasDeliveredFirst {
            pipelines[0].stop = .signalled
            requests.append(.signal(id))
        }
    }

    /// Announces the pipeline that comes next, or one that may be needed.
    private mutating func announceNext() {
        guard carriage.commands == .announced else { return }
        let next = pipelines.first { !$0.hasStarted }?.id
        let id = next ?? spare ?? identifiers.nextIdentifier()
        if next == nil { spare = id }
        guard !commands.contains(where: { $0.id == id }) else { return }
        send(command: id, [])
    }

    private mutating func send(command id: PipelineID, _ first: [UInt8]) {
        commands.append(SentCommand(id: id))
        requests.append(.command(id, first))
    }

    private mutating func closeRetiredCommands() {
        guard commands.contains(where: { $0.isRetired && $0.isAcknowledged }) else { return }
        for command in commands where command.isRetired && command.isAcknowledged {
            requests.append(.close(.pipeline(command.id)))
        }
        commands.removeAll { $0.isRetired && $0.isAcknowledged }
    }

    private mutating func closePool() {
        guard commands.isEmpty, !poolChannel.isAwaitingAck else { return }
        requests.append(.close(.pool))
        phase = .closing
    }

    private func isAcknowledged(_ id: PipelineID) -> Bool {
        commands.contains { $0.id == id && $0.isAcknowledged }
    }

    private static let severalStatementsRefused = ErrorRecord.make(
        message: "Several statements in one pipeline need protocol 2.2, and the far side speaks an older one.",
        errorID: "ProtocolVersion",
        category: 11,
        reason: "PSNotSupportedException"
    )
}
