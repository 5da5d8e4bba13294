import CLIXML

extension ServerSession {
    /// Takes a client's request.
    /// - Throws: what a real server exits for.
    package mutating func receive(_ request: CarriageRequest) throws(PSRPError) {
        switch phase {
        case .closed: return
        case .failed(let error): throw error
        case .idle, .negotiated, .opening, .open, .broken, .closing: break
        }
        do throws(PSRPError) {
            try handle(request)
            if case .failed(let error) = phase { throw error }
        } catch {
            phase = .failed(error)
            throw error
        }
    }

    private mutating func handle(_ request: CarriageRequest) throws(PSRPError) {
        switch request {
        case .open(let bytes):
            try take(bytes, .standard, .pool)
            acknowledge(.open, .pool)
        case .data(let target, let stream, let bytes):
            try take(bytes, stream, target)
            acknowledge(.data, target)
        case .command(let pipeline, let bytes):
            try know(pipeline)
            if !bytes.isEmpty { try take(bytes, .standard, .pipeline(pipeline)) }
            acknowledge(.command, .pipeline(pipeline))
        case .signal(let pipeline):
            output.discardOutput(of: pipeline)
            guard pipelines[pipeline]?.isRunning == true else {
                acknowledge(.signal, .pipeline(pipeline))
                return
            }
            signal(pipeline)
        case .close(.pool): closePool()
        case .close(.pipeline(let pipeline)): close(pipeline)
        case .negotiated: break
        }
    }

    /// Takes note of a Command's name. The pool's own is acked like any other and names no pipeline.
    private mutating func know(_ pipeline: PipelineID) throws(PSRPError) {
        guard pipelines[pipeline] == nil, pipeline != .zero else { return }
        guard pipelines.count < configuration.limits.openPipelines else {
            throw PSRPError(.limit, "More than \(configuration.limits.openPipelines) pipelines are open.")
        }
        pipelines[pipeline] = ServerPipeline(limits: configuration.limits)
        pipelineOrder.append(pipeline)
    }

    private mutating func signal(_ pipeline: PipelineID) {
        guard pipelines[pipeline]?.isSignalled == false else {
            acknowledge(.signal, .pipeline(pipeline))
            return
        }
        pipelines[pipeline]?.isSignalled = true
        events.append(.signal(pipeline))
    }

    private mutating func close(_ pipeline: PipelineID) {
        guard pipelines[pipeline]?.isRunning == true else {
            forget(pipeline)
            return
        }
        pipelines[pipeline]?.isClosing = true
        output.discardOutput(of: pipeline)
        events.append(.closePipeline(pipeline))
    }

    private mutating func closePool() {
        switch phase {
        case .closing, .closed: break
        case .idle, .negotiated, .opening, .open, .broken, .failed:
            phase = .closing
            events.append(.closePool)
        }
    }

    private mutating func take(
        _ bytes: [UInt8],
        _ stream: CarriageStream,
        _ target: CarriageTarget
    ) throws(PSRPError) {
        switch target {
        case .pool:
            for message in try poolStreams.receive(bytes, stream) { try handlePool(try read(message)) }
        case .pipeline(let pipeline):
            guard let messages = try pipelines[pipeline]?.streams.receive(bytes, stream) else { return }
            for message in messages { try handlePipeline(try read(message), of: pipeline) }
        }
        try boundUnusedBytes()
    }

    /// A client has hundreds of streams, each of which may hold what its limits allow: all together may not.
    private func boundUnusedBytes() throws(PSRPError) {
        let unused = pipelines.values.reduce(poolStreams.pendingBytes) { $0 + $1.unusedBytes }
        guard unused > configuration.limits.unusedBytes else { return }
        throw PSRPError(
            .limit,
            "The client has sent more than \(configuration.limits.unusedBytes >> 20) MiB that cannot be used yet: messages "
                + "that are not whole, or that came before its pool was open."
        )
    }

    private func read(_ bytes: [UInt8]) throws(PSRPError) -> Message {
        let message = try Message(decoding: bytes)
        guard message.destination == .server else {
            throw PSRPError(.malformedMessage, "A \(message.type.wireName) message for a client was received.")
        }
        return message
    }

    private func value(of message: Message) throws(PSRPError) -> PSValue {
        try message.value(limits: configuration.limits.clixml)
    }

    private func notDue(_ type: MessageType) -> PSRPError {
        PSRPError(.malformedMessage, "A \(type.wireName) message was received where none is due.")
    }
}

// MARK: - The pool's messages

extension ServerSession {
    private mutating func handlePool(_ message: Message) throws(PSRPError) {
        switch message.type {
        case .sessionCapability: try negotiate(try SessionCapability(value: try value(of: message)))
        case .initRunspacePool: try open(message)
        case .publicKey: try answer(publicKey: try value(of: message))
        case .connectRunspacePool:
            breakPool(
                ErrorRecord.make(
                    message:
                        "A session of this endpoint ends with its connection, so there is nothing to reconnect to.",
                    errorID: "ConnectNotSupported",
                    category: 11,
                    reason: "PSNotSupportedException"
                )
            )
        case .getAvailableRunspaces:
            let free = max(0, Int(maxRunspaces) - pipelines.values.count(where: \.isRunning))
            try answerAvailability(message) { _ in .int32(Int32(free)) }
        case .setMaxRunspaces:
            let most = try value(of: message).requiredInt32("MaxRunspaces")
            let isTaken = most >= minRunspaces
            if isTaken { maxRunspaces = most }
            try answerAvailability(message) { _ in .bool(isTaken) }
        case .setMinRunspaces:
            let least = try value(of: message).requiredInt32("MinRunspaces")
            let isTaken = (1...maxRunspaces).contains(least)
            if isTaken { minRunspaces = least }
            try answerAvailability(message) { _ in .bool(isTaken) }
        case .resetRunspaceState:
            // As a real server: only a pool of one runspace, in which nothing runs, can be reset.
            let isFree = maxRunspaces == 1 && !pipelines.values.contains(where: \.isRunning)
            if isFree { events.append(.resetRunspace) }
            try answerAvailability(message) { _ in .bool(isFree) }
        case .runspacePoolHostResponse: try takeReply(message, of: nil)
        case .closeSession: break
        case .encryptedSessionKey, .publicKeyRequest, .runspaceAvailability, .runspacePoolState, .createPipeline,
            .userEvent, .applicationPrivateData, .getCommandMetadata, .runspacePoolInitData, .runspacePoolHostCall,
            .pipelineInput, .endOfPipelineInput, .pipelineOutput, .errorRecord, .pipelineState, .debugRecord,
            .verboseRecord, .warningRecord, .progressRecord, .informationRecord, .stop, .pipelineHostCall,
            .pipelineHostResponse:
            throw notDue(message.type)
        }
    }

    /// Echoes a client's version, or tells the newest that is spoken here; breaks the pool where they do not meet, which
    /// a real server leaves at silence (server/protocol-99).
    private mutating func negotiate(_ capability: SessionCapability) throws(PSRPError) {
        guard case .idle = phase else { throw notDue(.sessionCapability) }
        let asked = capability.protocolVersion
        let newest = configuration.protocolVersion
        let answer = min(asked, newest)
        send(.sessionCapability, SessionCapability(protocolVersion: answer).value)
        protocolVersion = answer
        phase = .negotiated
        let meets =
            asked.major == newest.major && asked >= PSVersionNumber(2, 0)
            && capability.psVersion >= SessionCapability.ownPSVersion
            && capability.serializationVersion >= SessionCapability.ownSerializationVersion
        guard !meets else { return }
        breakPool(
            ErrorRecord.make(
                message: "The versions do not match: the client speaks protocol \(asked), PSVersion "
                    + "\(capability.psVersion) and SerializationVersion \(capability.serializationVersion); this side speaks "
                    + "protocol 2.0 to \(newest), \(SessionCapability.ownPSVersion) and "
                    + "\(SessionCapability.ownSerializationVersion).",
                errorID: "ProtocolVersion",
                category: 26,
                reason: "PSRemotingDataStructureException"
            )
        )
    }

    private mutating func open(_ message: Message) throws(PSRPError) {
        switch phase {
        case .negotiated: break
        case .broken, .closing: return
        case .idle, .opening, .open, .closed, .failed: throw notDue(.initRunspacePool)
        }
        guard let protocolVersion else { throw notDue(.initRunspacePool) }
        fragmenter.runspacePoolID = message.runspacePoolID
        let asked = try value(of: message)
        let host = try InitRunspacePool.host(of: asked)
        isKept = InitRunspacePool.isKept(asked)
        (minRunspaces, maxRunspaces) = InitRunspacePool.runspaces(of: asked)
        phase = .opening
        events.append(.opened(host, protocolVersion))
    }

    private mutating func answerAvailability(
        _ message: Message,
        _ answer: (PSValue) throws(PSRPError) -> PSValue
    ) throws(PSRPError) {
        let value = try value(of: message)
        send(
            .runspaceAvailability,
            .properties([
                ("SetMinMaxRunspacesResponse", try answer(value)),
                ("ci", .int64(try value.requiredInt64("ci"))),
            ])
        )
    }

    private mutating func takeReply(_ message: Message, of pipeline: PipelineID?) throws(PSRPError) {
        let value = try open(try value(of: message))
        let callID = try value.requiredInt64("ci")
        events.append(.hostReply(pipeline: pipeline, callID: callID, HostReply(value: value)))
    }
}

// MARK: - A pipeline's messages

extension ServerSession {
    private mutating func handlePipeline(_ message: Message, of pipeline: PipelineID) throws(PSRPError) {
        switch pipelines[pipeline]?.stage {
        case .announced?:
            if case .open = phase {
                try start(pipeline, message)
            } else {
                pipelines[pipeline]?.hold(message)
            }
        case .held?: pipelines[pipeline]?.hold(message)
        case .running?: try feed(pipeline, message)
        case .ended?, nil: break
        }
    }

    private mutating func start(_ pipeline: PipelineID, _ message: Message) throws(PSRPError) {
        switch message.type {
        case .createPipeline:
            let request = try PipelineRequest(value: try open(try value(of: message)))
            events.append(.createPipeline(pipeline, request))
        case .getCommandMetadata:
            let request = try CommandMetadataRequest(value: try value(of: message))
            events.append(.commandMetadata(pipeline, request))
        default: throw notDue(message.type)
        }
        pipelines[pipeline]?.stage = .running
    }

    /// Takes what comes for a pipeline that runs.
    private mutating func feed(_ pipeline: PipelineID, _ message: Message) throws(PSRPError) {
        switch message.type {
        case .pipelineInput: events.append(.input(pipeline, try open(try value(of: message))))
        case .endOfPipelineInput: events.append(.endOfInput(pipeline))
        case .stop:
            output.discardOutput(of: pipeline)
            events.append(.signal(pipeline))
        case .pipelineHostResponse: try takeReply(message, of: pipeline)
        case .sessionCapability, .closeSession, .initRunspacePool, .publicKey, .encryptedSessionKey, .publicKeyRequest,
            .connectRunspacePool, .setMaxRunspaces, .setMinRunspaces, .runspaceAvailability, .runspacePoolState,
            .createPipeline, .getAvailableRunspaces, .userEvent, .applicationPrivateData, .getCommandMetadata,
            .runspacePoolInitData, .resetRunspaceState, .runspacePoolHostCall, .runspacePoolHostResponse,
            .pipelineOutput, .errorRecord, .pipelineState, .debugRecord, .verboseRecord, .warningRecord,
            .progressRecord, .informationRecord, .pipelineHostCall:
            throw notDue(message.type)
        }
    }

    /// Starts what was created before the pool was open.
    mutating func startHeldPipelines() {
        do throws(PSRPError) {
            for pipeline in pipelineOrder {
                guard case .held(let messages)? = pipelines[pipeline]?.stage, let first = messages.first else {
                    continue
                }
                pipelines[pipeline]?.release()
                try start(pipeline, first)
                for message in messages.dropFirst() { try feed(pipeline, message) }
            }
        } catch {
            phase = .failed(error)
        }
    }
}
