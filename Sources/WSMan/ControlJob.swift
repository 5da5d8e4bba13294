import CLIXML
package import PSRP
package import WSManEnvelope

/// What a carriage is asked past its session.
package enum WSManQuestion: Sendable, Hashable {
    /// Who is there; needs no shell, and on most servers no login.
    case identify
    case listShells
    case listCommands(shellID: String)
    /// Leaves the shell running without a client, for so many seconds (nil: the server's own time).
    case disconnect(idleTimeout: Int?, WSManOperation.BufferMode?)
    /// Goes on with the shell that this client disconnected from.
    case reconnect
    /// Takes over a shell that another client disconnected from. The bytes are SESSION_CAPABILITY and
    /// CONNECT_RUNSPACEPOOL; the answer's come as data of the pool, behind `acknowledged(.open)`.
    case connect(shellID: String, [UInt8])
    /// Takes over a command of that shell, whose `acknowledged(.command)` follows.
    case connectCommand(PipelineID, commandID: String)
}

/// What waits for the control lane.
enum ControlJob: Sendable, Hashable {
    case request(CarriageRequest)
    case question(WSManQuestion)
}

extension WSManClientCarriage {
    /// Starts the next job, if the lane is free.
    mutating func startJob() {
        while underWay == nil, failure == nil, !waiting.isEmpty {
            let job = waiting.removeFirst()
            guard let operation = operation(of: job) else {
                // Its command is not there any more, or never was: there is nothing to be sent.
                acknowledge(job)
                continue
            }
            begin(job, operation)
            let (messageID, exchange) = makeExchange(operation, lane: .control, within: answerWithin(operation))
            underWay = UnderWay(job: job, messageID: messageID, exchange: exchange)
            progress.actions.append(.exchange(exchange))
        }
    }

    private func operation(of job: ControlJob) -> WSManOperation? {
        switch job {
        case .request(let request): operation(of: request)
        case .question(let question): operation(of: question)
        }
    }

    private func operation(of request: CarriageRequest) -> WSManOperation? {
        switch request {
        case .open(let bytes): return .create(shellID: Self.poolName(in: bytes), creationXml: bytes)
        case .command(let pipeline, let bytes):
            return .command(commandID: pipeline.description.uppercased(), arguments: bytes)
        case .data(let target, let stream, let bytes):
            let stream: WSManOperation.InputStream = stream == .standard ? .standard : .promptResponse
            guard case .pipeline(let pipeline) = target else { return .send(stream, commandID: nil, bytes) }
            return command(pipeline).map { .send(stream, commandID: $0.wireID, bytes) }
        case .signal(let pipeline):
            guard let command = command(pipeline), !command.isDone else { return nil }
            return .signal(commandID: command.wireID, .stop)
        case .close(.pipeline(let pipeline)):
            return command(pipeline).map { .signal(commandID: $0.wireID, .terminate) }
        case .close(.pool):
            guard case .open = shell else { return nil }
            return .delete
        case .negotiated: return nil
        }
    }

    private func operation(of question: WSManQuestion) -> WSManOperation {
        switch question {
        case .identify: .identify
        case .listShells: .enumerateShells
        case .listCommands(let shellID): .enumerateCommands(shellID: shellID)
        case .disconnect(let idleTimeout, let mode): .disconnect(idleTimeout: idleTimeout, mode)
        case .reconnect: .reconnect
        case .connect(_, let bytes): .connect(bytes)
        case .connectCommand(_, let commandID): .connectCommand(commandID: commandID)
        }
    }

    /// What changes as an operation goes out, before it is answered.
    private mutating func begin(_ job: ControlJob, _ operation: WSManOperation) {
        if case .question(.connect(let shellID, _)) = job { shell = .connecting(shellID) }
        switch operation {
        case .signal(let commandID, .terminate):
            for index in commands.indices where commands[index].wireID == commandID { commands[index].isClosing = true }
        case .create(let shellID, _): perhaps = shellID
        case .delete:
            if case .open(let id) = shell { shell = .leaving(id) }
        case .disconnect: isDisconnected = true
        default: break
        }
    }

    /// Seconds: an operation's own time and the way, but little for what need not be answered at all.
    private func answerWithin(_ operation: WSManOperation) -> Double {
        let times = endpoint.times
        switch operation {
        case .signal(_, .stop): return Double(times.cancel + times.grace)
        case .signal(_, .terminate): return Double(times.grace)
        case .delete: return Double(times.delete)
        default: return Double(times.operation + times.grace)
        }
    }

    func command(_ pipeline: PipelineID) -> Command? {
        commands.first { $0.pipeline == pipeline }
    }

    /// The pool's name, which its first message holds (MS-PSRP 2.2.1): a shell is asked for by the same.
    private static func poolName(in opening: [UInt8]) -> String {
        let start = Fragment.headerSize + 8
        guard opening.count >= start + 16 else { return PSGuid.zero.description }
        return PSGuid(mixedEndian: opening[start..<start + 16]).description.uppercased()
    }
}
