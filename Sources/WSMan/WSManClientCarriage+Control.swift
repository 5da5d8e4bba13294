import CLIXML
import PSRP
import WSManEnvelope

extension WSManClientCarriage {
    /// How often a request of which nothing has left is tried, and after how many seconds.
    private static let tries = 3
    private static let delays: [Double] = [0, 1, 2]

    /// Takes how the control lane's exchange ended.
    mutating func finish(_ done: UnderWay, _ outcome: ExchangeOutcome) {
        let operation = done.exchange.operation
        switch outcome {
        case .answered(let status, let contentType, let body):
            switch read(body, status: status, contentType, operation, done.messageID) {
            case .success(.fault(let fault)):
                perhaps = nil
                refused(done.job, fault, operation)
            case .success(let answer): answered(done.job, answer)
            case .failure(let error): failed(done.job, error)
            }
        case .notSent(let reason):
            guard done.tries < Self.tries else {
                perhaps = nil
                let error = error(.connectionLost, operation, "no connection: \(reason)", "Nothing of it was sent.")
                return failed(done.job, error)
            }
            let exchange = again(done.exchange, after: Self.delays[done.tries])
            underWay = UnderWay(job: done.job, messageID: done.messageID, exchange: exchange, tries: done.tries + 1)
            progress.actions.append(.exchange(exchange))
        case .tooLarge(let what): failed(done.job, tooLarge(what, operation))
        case .unknownWhetherSent(let reason):
            failed(
                done.job,
                error(
                    .unknownWhetherSent,
                    operation,
                    "the connection broke before the answer, and the server may have done it or not: \(reason)",
                    "It is not sent again, since nothing may run twice. Look there whether it was done."
                )
            )
        }
    }

    func tooLarge(_ what: String, _ operation: WSManOperation) -> WSManError {
        error(
            .tooLarge,
            operation,
            "the answer is larger than is taken: \(what)",
            "A server keeps to the size that it is asked for: -SessionOption MaximumEnvelopeSize. Check what stands between."
        )
    }

    /// No answer came in its time.
    mutating func expired(_ done: UnderWay) {
        failed(
            done.job,
            error(
                .timedOut,
                done.exchange.operation,
                "no answer came within \(Int(done.exchange.answerWithin)) s, and the server may have done it or not",
                "Check the host's load; the session option OperationTimeout allows more."
            )
        )
    }

    // MARK: - Answers

    private mutating func answered(_ job: ControlJob, _ answer: WSManAnswer) {
        switch (job, answer) {
        case (.request(.open), .created(let shellID)):
            shell = .open(shellID)
            acknowledge(job)
        case (.request(.command(let pipeline, _)), .command(let wireID)):
            commands.append(Command(pipeline: pipeline, wireID: wireID))
            acknowledge(job)
        case (.question(.connect(let shellID, _)), .connected(let bytes)):
            shell = .open(shellID)
            progress.events.append(.acknowledged(.open, .pool))
            ledger.take(bytes, of: .pool, others: [])
            if !bytes.isEmpty { progress.events.append(.data(.pool, bytes)) }
        case (.question(.connectCommand(let pipeline, let wireID)), _):
            commands.append(Command(pipeline: pipeline, wireID: wireID))
            progress.events.append(.acknowledged(.command, .pipeline(pipeline)))
        case (.question(.identify), .identified(let identity)): progress.notices.append(.identified(identity))
        case (.question, .shells(let shells, let isWhole)):
            progress.notices.append(.shells(shells, isWhole: isWhole))
        case (.question, .commands(let commands, let isWhole)):
            progress.notices.append(.commands(commands, isWhole: isWhole))
        case (.question(.disconnect), _):
            for id in receives.keys { bound(id) }
            progress.notices.append(.disconnected)
        case (.question(.reconnect), _):
            isDisconnected = false
            progress.notices.append(.reconnected)
        case (.request, _), (.question, _): acknowledge(job)
        }
    }

    /// Tells the session that a request is done, and draws the conclusions.
    mutating func acknowledge(_ job: ControlJob) {
        guard case .request(let request) = job else { return }
        switch request {
        case .open: progress.events.append(.acknowledged(.open, .pool))
        case .command(let pipeline, _): progress.events.append(.acknowledged(.command, .pipeline(pipeline)))
        case .data(let target, _, _): progress.events.append(.acknowledged(.data, target))
        case .signal(let pipeline): progress.events.append(.acknowledged(.signal, .pipeline(pipeline)))
        case .close(.pipeline(let pipeline)):
            giveUp(pipeline)
            progress.events.append(.acknowledged(.close, .pipeline(pipeline)))
        case .close(.pool):
            progress.actions += receives.keys.map { .abandon($0) }
            receives = [:]
            commands = []
            shell = .leaving(nil)
            progress.events.append(.acknowledged(.close, .pool))
        case .negotiated: break
        }
    }

    /// A command was given up. Its Receive, where one waits, is answered about now; nobody reads what.
    private mutating func giveUp(_ pipeline: PipelineID) {
        commands.removeAll { $0.pipeline == pipeline }
        forget(.pipeline(pipeline))
        for (id, receive) in receives where receive.target == .pipeline(pipeline) { bound(id) }
    }

    private mutating func bound(_ id: ExchangeID) {
        progress.actions.append(.bound(id, within: Double(endpoint.times.grace)))
    }

    // MARK: - What did not go well

    /// The server refused. What ends things is done all the same: there is nothing left to end.
    private mutating func refused(_ job: ControlJob, _ fault: WSManFault, _ operation: WSManOperation) {
        let error = WSManError(fault, to: operation, host: endpoint.host)
        if case .request(.signal) = job {
            let isOver = fault.isUnknown || fault.isTimeout || error.code == .shellLost
            return isOver ? acknowledge(job) : fail(error)
        }
        failed(job, error)
    }

    private mutating func failed(_ job: ControlJob, _ error: WSManError) {
        switch job {
        case .request(.close): acknowledge(job)
        case .request(.signal) where error.code == .unknownWhetherSent || error.code == .timedOut:
            // Whether it arrived, the command's Receive tells, or does not.
            acknowledge(job)
        case .request(.data(.pipeline(let pipeline), _, _)) where command(pipeline)?.isDone ?? true:
            // Nobody is there to take it.
            acknowledge(job)
        case .request: fail(error)
        case .question(.identify), .question(.listShells), .question(.listCommands):
            progress.notices.append(.refused(error))
        case .question(.disconnect) where error.code != .unknownWhetherSent && error.code != .timedOut:
            isDisconnected = false
            progress.notices.append(.refused(error))
        case .question: fail(error)
        }
    }
}
