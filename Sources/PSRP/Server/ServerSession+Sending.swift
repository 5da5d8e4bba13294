package import CLIXML

extension ServerSession {
    /// Opens the pool after `.opened`: private data, then state 2.
    /// - Parameter privateData: the entries of ApplicationPrivateData, `PSVersionTable` among them.
    package mutating func openPool(privateData: [(String, PSValue)]) {
        guard case .opening = phase else { return }
        let dictionary = PSObject(
            typeNames: PSTypeNames.primitiveDictionary,
            base: .dictionary(privateData.map { PSEntry(.string($0.0), $0.1) })
        )
        send(.applicationPrivateData, .properties([("ApplicationPrivateData", .object(dictionary))]))
        sendPoolState(.opened)
        phase = .open
        startHeldPipelines()
    }

    /// Says that the pool cannot be, or can no longer be: state 5.
    package mutating func breakPool(_ error: ErrorRecord) {
        sendPoolState(.broken, error)
        phase = .broken
    }

    /// Sends a value of a pipeline's output; a secure string in it holds UTF-16LE in the clear.
    package mutating func sendOutput(_ value: PSValue, of pipeline: PipelineID) {
        sendIfRunning(.pipelineOutput, value, pipeline, isOutput: true)
    }

    package mutating func sendError(_ record: ErrorRecord, of pipeline: PipelineID) {
        sendIfRunning(.errorRecord, record.value, pipeline, isOutput: true)
    }

    package mutating func sendRecord(_ stream: RecordStream, _ value: PSValue, of pipeline: PipelineID) {
        sendIfRunning(stream.messageType, value, pipeline, isOutput: true)
    }

    /// Calls a method of the client's host.
    /// - Parameter pipeline: nil for a call of the pool's own.
    /// - Returns: the call's number; `HostCall.voidCallID` where no reply will come.
    @discardableResult
    package mutating func callHost(
        _ method: HostMethod,
        _ parameters: [PSValue],
        pipeline: PipelineID?
    ) -> Int64 {
        var callID = HostCall.voidCallID
        if method.returnsValue {
            if let pipeline {
                callID = (pipelines[pipeline]?.lastHostCall ?? 0) + 1
                pipelines[pipeline]?.lastHostCall = callID
            } else {
                lastPoolHostCall += 1
                callID = lastPoolHostCall
            }
        }
        let call = HostCall(callID: callID, method: method, parameters: parameters, pipeline: pipeline)
        if let pipeline {
            sendIfRunning(.pipelineHostCall, call.value, pipeline, isOutput: method.isOutput)
        } else {
            send(.runspacePoolHostCall, call.value)
        }
        return callID
    }

    /// Says that a pipeline ended (stopped, completed or failed); nothing for one that has ended already.
    package mutating func sendState(_ state: PipelineState, _ error: ErrorRecord? = nil, of pipeline: PipelineID) {
        guard state.isFinal, let known = pipelines[pipeline], known.isRunning else { return }
        send(.pipelineState, StateMessage.value(StateMessage.pipelineMember, state.rawValue, error), pipeline)
        pipelines[pipeline]?.stage = .ended
        output.append(.ended(.pipeline(pipeline)))
        if known.isSignalled { acknowledge(.signal, .pipeline(pipeline)) }
        if known.isClosing { forget(pipeline) }
    }

    /// Answers `.closePool` when all is torn down: states 4 and 3, and the last ack.
    package mutating func finishClose() {
        guard case .closing = phase else { return }
        sendPoolState(.closing)
        sendPoolState(.closed)
        output.append(.ended(.pool))
        acknowledge(.close, .pool)
        phase = .closed
    }
}

// MARK: - What all of them do

extension ServerSession {
    mutating func sendPoolState(_ state: RunspacePoolState, _ error: ErrorRecord? = nil) {
        send(.runspacePoolState, StateMessage.value(StateMessage.poolMember, state.rawValue, error))
    }

    private mutating func sendIfRunning(
        _ type: MessageType,
        _ value: PSValue,
        _ pipeline: PipelineID,
        isOutput: Bool
    ) {
        guard pipelines[pipeline]?.isRunning == true else { return }
        send(type, value, pipeline, isOutput: isOutput)
    }

    /// Sends a message as a real server does: a byte order mark before its body, a null as an empty body, and one fragment
    /// in each Data.
    /// - Parameter isOutput: whether it is not to be sent any more once its pipeline is stopped.
    mutating func send(
        _ type: MessageType,
        _ value: PSValue,
        _ pipeline: PipelineID = .zero,
        isOutput: Bool = false
    ) {
        var sealed = value
        do throws(PSRPError) {
            sealed = try seal(value)
        } catch {
            phase = .failed(error)
            return
        }
        let body: [UInt8] = sealed == .null ? [] : [0xEF, 0xBB, 0xBF] + encodeCLIXML(sealed)
        let target: CarriageTarget = pipeline == .zero ? .pool : .pipeline(pipeline)
        var message = fragmenter.begin(type, body, pipeline: pipeline)
        var begins = true
        while !message.isAtEnd {
            var fragment: [UInt8] = []
            message.appendNext(to: &fragment, largest: configuration.largestFragment)
            output.append(fragment: fragment, for: target, output: isOutput ? pipeline : nil, begins: begins)
            begins = false
        }
    }

    mutating func acknowledge(_ kind: CarriageRequest.Kind, _ target: CarriageTarget) {
        output.append(.acknowledged(kind, target))
    }

    /// Acks a pipeline's Close: its name means nothing from here on.
    mutating func forget(_ pipeline: PipelineID) {
        pipelines[pipeline] = nil
        pipelineOrder.removeAll { $0 == pipeline }
        acknowledge(.close, .pipeline(pipeline))
    }
}
