import CLIXML

extension ClientSession {
    /// Takes what the carriage heard. What came before a fault is still there as events.
    package mutating func receive(_ heard: [CarriageEvent]) throws(PSRPError) {
        if case .failed(let error) = phase { throw error }
        do throws(PSRPError) {
            for event in heard where !isClosed { try handle(event) }
        } catch {
            phase = .failed(error)
            throw error
        }
    }

    /// The far side's output ended, or its pool is gone.
    /// - Throws: `.ended` unless the pool was closed in order.
    package mutating func receiveEnd() throws(PSRPError) {
        let error: PSRPError
        switch phase {
        case .closed: return
        case .poolClosed:
            finishClosing()
            return
        case .failed(let earlier): error = earlier
        case .idle, .opening: error = PSRPError(.ended, "The far side ended before the session was open.")
        case .open where pipelines.first?.hasStarted == true:
            error = PSRPError(.ended, "The far side ended while a line ran.")
        case .open: error = PSRPError(.ended, "The far side ended the session.")
        case .leaving, .closing: error = PSRPError(.ended, "The far side ended before the session was closed.")
        }
        phase = .failed(error)
        throw error
    }

    private mutating func handle(_ event: CarriageEvent) throws(PSRPError) {
        switch event {
        case .data(.pool, let bytes):
            for message in try poolReassembler.receive(bytes) { try handlePool(try read(message)) }
        case .data(.pipeline(let id), let bytes):
            guard let index = startedPipeline(id) else { return }
            for message in try pipelines[index].reassembler.receive(bytes) where runs(id) {
                try handlePipeline(try read(message), of: id)
            }
        case .acknowledged(let kind, let target): try acknowledge(kind, target)
        case .ended(.pool): try receiveEnd()
        case .ended(.pipeline(let id)):
            // One that has told its state is not there any more.
            if let index = startedPipeline(id) { finish(at: index, .failed, Self.lostPipeline) }
        case .largestFragment(let size): carriage.largestFragment = size
        case .noise(let line): events.append(.noise(line))
        case .foreign(let text): events.append(.foreign(text))
        case .broken(let error):
            guard case .poolClosed = phase else { throw error }
            finishClosing()
        }
    }

    private mutating func acknowledge(_ kind: CarriageRequest.Kind, _ target: CarriageTarget) throws(PSRPError) {
        switch (kind, target) {
        case (.open, _), (.data, .pool): poolChannel.acknowledge()
        case (.data, .pipeline(let id)):
            if let index = startedPipeline(id) { pipelines[index].channel.acknowledge() }
        case (.command, .pipeline(let id)):
            for index in commands.indices where commands[index].id == id { commands[index].isAcknowledged = true }
            guard carriage.commands == .carryFirstFragment, let index = startedPipeline(id) else { return }
            pipelines[index].channel.acknowledge()
        case (.close, .pool):
            switch phase {
            case .closing, .poolClosed: finishClosing()
            case .idle, .opening, .open, .leaving, .closed, .failed:
                throw PSRPError(.malformedElement, "The far side acknowledged a close that was not asked for.")
            }
        case (.command, .pool), (.signal, _), (.close, .pipeline): break
        }
    }

    private func startedPipeline(_ id: PipelineID) -> Int? {
        pipelines.firstIndex { $0.id == id && $0.hasStarted }
    }

    /// Whether a pipeline has not ended: what comes for it later is nobody's.
    private func runs(_ pipeline: PipelineID) -> Bool {
        pipelines.contains { $0.id == pipeline }
    }

    private mutating func finishClosing() {
        guard !isClosed else { return }
        phase = .closed
        events.append(.closed)
    }

    private var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    private static let lostPipeline = ErrorRecord.make(
        message: "The far side ended the pipeline without telling how it went.",
        errorID: ErrorRecord.lostPipelineID,
        category: 27,
        reason: "PSRemotingTransportException"
    )

    private func read(_ bytes: [UInt8]) throws(PSRPError) -> (Message, PSValue) {
        let message = try Message(decoding: bytes)
        guard message.destination == .client else {
            throw PSRPError(.malformedMessage, "A \(message.type.wireName) message for a server was received.")
        }
        return (message, try message.value(limits: configuration.limits.clixml))
    }
}

// MARK: - The pool's messages

extension ClientSession {
    private mutating func handlePool(_ received: (message: Message, value: PSValue)) throws(PSRPError) {
        let value = received.value
        switch received.message.type {
        case .sessionCapability: try negotiate(try SessionCapability(value: value))
        case .applicationPrivateData: events.append(.privateData(value["ApplicationPrivateData"] ?? .null))
        case .runspacePoolState: try enterPoolState(try StateMessage.poolState(of: value), value)
        case .runspaceAvailability:
            isAvailabilityAsked = false
            events.append(.availability)
        case .runspacePoolHostCall: try takeHostCall(received.message.type, value, pipeline: nil)
        case .publicKeyRequest: try askForSessionKey()
        case .encryptedSessionKey:
            try takeSessionKey(value)
            events.append(.other(.encryptedSessionKey, .null))
        case .userEvent, .runspacePoolInitData, .closeSession: events.append(.other(received.message.type, value))
        case .initRunspacePool, .publicKey, .connectRunspacePool, .setMaxRunspaces, .setMinRunspaces, .createPipeline,
            .getAvailableRunspaces, .getCommandMetadata, .resetRunspaceState, .runspacePoolHostResponse,
            .pipelineInput, .endOfPipelineInput, .pipelineOutput, .errorRecord, .pipelineState, .debugRecord,
            .verboseRecord, .warningRecord, .progressRecord, .informationRecord, .stop, .pipelineHostCall,
            .pipelineHostResponse:
            throw notDue(received.message.type)
        }
    }

    /// Takes the server's version, which may be older than what was announced (client/tty-74-server), and is of no use
    /// where the major versions differ (server/protocol-99).
    private mutating func negotiate(_ capability: SessionCapability) throws(PSRPError) {
        let answer = capability.protocolVersion
        let announced = configuration.protocolVersion
        guard answer >= SessionCapability.oldest, answer <= SessionCapability.newest, answer <= announced,
            answer.major == announced.major
        else {
            throw PSRPError(
                .protocolVersion,
                "The protocol versions do not match: the far side speaks \(answer), this side announced \(announced) "
                    + "and speaks \(SessionCapability.oldest) to \(SessionCapability.newest)."
            )
        }
        protocolVersion = answer
        requests.append(.negotiated(answer))
        try resolveSealed()
    }

    private mutating func enterPoolState(_ state: RunspacePoolState, _ value: PSValue) throws(PSRPError) {
        let error = StateMessage.error(of: value).map { ": \($0.message)" } ?? "."
        switch state {
        case .opened:
            guard case .opening = phase else { return }
            guard let protocolVersion else {
                throw PSRPError(.malformedMessage, "The far side's pool opened before it gave its protocol version.")
            }
            phase = .open
            events.append(.opened(protocolVersion))
        case .broken: throw PSRPError(.farSide, "The far side says that its session is broken\(error)")
        case .closed:
            guard case .closing = phase else {
                throw PSRPError(.farSide, "The far side closed the session\(error)")
            }
            phase = .poolClosed
        case .beforeOpen, .opening, .closing, .connecting: break
        case .disconnecting, .disconnected:
            throw PSRPError(.farSide, "The far side disconnected the session\(error)")
        }
    }

    private func notDue(_ type: MessageType) -> PSRPError {
        PSRPError(.malformedMessage, "The far side sent a \(type) message where none is due.")
    }
}

// MARK: - A pipeline's messages

extension ClientSession {
    private mutating func handlePipeline(
        _ received: (message: Message, value: PSValue),
        of pipeline: PipelineID
    ) throws(PSRPError) {
        let value = received.value
        switch received.message.type {
        case .pipelineOutput:
            try noticeSecureStrings(in: value)
            events.append(.output(pipeline, value))
        case .errorRecord: events.append(.error(pipeline, ErrorRecord(value: value)))
        case .debugRecord: events.append(.record(pipeline, .debug, value))
        case .verboseRecord: events.append(.record(pipeline, .verbose, value))
        case .warningRecord: events.append(.record(pipeline, .warning, value))
        case .progressRecord: events.append(.record(pipeline, .progress, value))
        case .informationRecord: events.append(.record(pipeline, .information, value))
        case .pipelineHostCall: try takeHostCall(received.message.type, value, pipeline: pipeline)
        case .pipelineState:
            let state = try StateMessage.pipelineState(of: value)
            guard state.isFinal, let index = pipelines.firstIndex(where: { $0.id == pipeline }) else { return }
            finish(at: index, state, StateMessage.error(of: value))
        case .userEvent: events.append(.other(.userEvent, value))
        case .sessionCapability, .closeSession, .initRunspacePool, .publicKey, .encryptedSessionKey, .publicKeyRequest,
            .connectRunspacePool, .setMaxRunspaces, .setMinRunspaces, .runspaceAvailability, .runspacePoolState,
            .createPipeline, .getAvailableRunspaces, .applicationPrivateData, .getCommandMetadata,
            .runspacePoolInitData, .resetRunspaceState, .runspacePoolHostCall, .runspacePoolHostResponse,
            .pipelineInput, .endOfPipelineInput, .stop, .pipelineHostResponse:
            throw notDue(received.message.type)
        }
    }

    /// Answers wait for the far side to take the one before: one that only asks must not have them pile up.
    private func checkAnswers(of pipeline: PipelineID?) throws(PSRPError) {
        let asked = events[firstEvent...].count { event in
            if case .hostCall(let call) = event { call.needsReply && call.pipeline == pipeline } else { false }
        }
        let channel = pipeline.flatMap { id in pipelines.first { $0.id == id }?.channel } ?? poolChannel
        guard asked + channel.waitingAnswers < configuration.limits.openHostCalls else {
            throw PSRPError(
                .limit,
                "The far side asked more than \(configuration.limits.openHostCalls) questions without taking an answer."
            )
        }
    }

    private mutating func takeHostCall(
        _ type: MessageType,
        _ value: PSValue,
        pipeline: PipelineID?
    ) throws(PSRPError) {
        guard let call = try HostCall.read(value, pipeline: pipeline) else {
            events.append(.other(type, value))
            return
        }
        if call.needsReply { try checkAnswers(of: pipeline) }
        events.append(.hostCall(call))
    }
}
