import CLIXML
import PSRP
import WSManEnvelope

extension WSManClientCarriage {
    /// How often in a row a Receive is sent again, and after how many seconds.
    private static let receiveDelays: [Double] = [0, 1, 2, 4, 8]
    /// Empty answers in a row, after which the next Receive waits a little: a server that answers at once with nothing
    /// would keep both sides busy.
    private static let patience = 3
    private static let pause = 0.1

    /// Takes how an exchange ended.
    package mutating func heard(_ id: ExchangeID, _ outcome: ExchangeOutcome) -> WSManProgress {
        if let done = underWay, done.exchange.id == id {
            underWay = nil
            if failure == nil { finish(done, outcome) }
        } else if let receive = receives.removeValue(forKey: id), failure == nil {
            finish(receive, outcome)
        }
        return advance()
    }

    /// An exchange was not answered in its time, and its connection is closed.
    package mutating func exchangeExpired(_ id: ExchangeID) -> WSManProgress {
        if let done = underWay, done.exchange.id == id {
            underWay = nil
            if failure == nil { expired(done) }
        } else if let receive = receives.removeValue(forKey: id), failure == nil {
            let seconds = Int(receive.exchange.answerWithin)
            finish(receive, .unknownWhetherSent("no answer came within \(seconds) s"))
        }
        return advance()
    }

    /// Starts a Receive of each target that has none and may have more to say.
    mutating func startReceives() {
        guard case .open = shell, !isDisconnected else { return }
        var targets: [(target: CarriageTarget, wireID: String?)] = [(.pool, nil)]
        for command in commands where !command.isDone && !command.isClosing {
            targets.append((.pipeline(command.pipeline), command.wireID))
        }
        for (target, wireID) in targets
        where !heldTargets.contains(target) && !receives.values.contains(where: { $0.target == target }) {
            let isSilent = silences[target, default: 0] >= Self.patience
            let (messageID, exchange) = makeExchange(
                .receive(commandID: wireID),
                lane: .receive(target),
                within: Double(max(endpoint.times.receive, endpoint.times.longestReceive) + endpoint.times.grace),
                delay: isSilent ? Self.pause : 0
            )
            start(Receive(target: target, messageID: messageID, exchange: exchange))
        }
    }

    private mutating func start(_ receive: Receive) {
        receives[receive.exchange.id] = receive
        progress.actions.append(.exchange(receive.exchange))
    }

    /// Whether what is said of this target is nobody's any more.
    private func isOver(_ target: CarriageTarget) -> Bool {
        guard case .open = shell else { return true }
        guard case .pipeline(let pipeline) = target else { return false }
        return command(pipeline)?.isClosing ?? true
    }

    // MARK: - Ends of a Receive

    private mutating func finish(_ receive: Receive, _ outcome: ExchangeOutcome) {
        let target = receive.target
        switch outcome {
        case .answered(let status, let contentType, let body):
            switch read(body, status: status, contentType, receive.exchange.operation, receive.messageID) {
            case .success(.received(let output)): take(output, of: target)
            case .success(.fault(let fault)): refused(receive, fault)
            case .success: break
            case .failure(let error):
                if isOver(target) || isDisconnected { return }
                if error.code == .busy { sendAgain(receive, error.what) } else { fail(error) }
            }
        case .notSent(let reason): sendAgain(receive, reason)
        case .tooLarge(let what):
            if !isOver(target), !isDisconnected { fail(tooLarge(what, receive.exchange.operation)) }
        case .unknownWhetherSent(let reason):
            if !isOver(target) { ledger.repeats(target) }
            sendAgain(receive, reason)
        }
    }

    private mutating func refused(_ receive: Receive, _ fault: WSManFault) {
        if fault.isTimeout {
            take(ReceivedOutput(), of: receive.target)
        } else if isOver(receive.target) || isDisconnected {
            return
        } else if fault.number == .stillPending || fault.number == .alreadyReceiving {
            sendAgain(receive, "the server still has the one before it")
        } else {
            fail(WSManError(fault, to: receive.exchange.operation, host: endpoint.host))
        }
    }

    /// Sends the same envelope again, unless nobody waits for it, or that has been tried often enough.
    private mutating func sendAgain(_ receive: Receive, _ reason: String) {
        if isOver(receive.target) || isDisconnected { return }
        let count = repeats[receive.target, default: 0]
        guard count < Self.receiveDelays.count else {
            return fail(
                error(
                    .connectionLost,
                    receive.exchange.operation,
                    "the connection was lost and \(count) attempts to go on failed: \(reason)",
                    "What runs there may go on until its idle time is over."
                )
            )
        }
        repeats[receive.target] = count + 1
        let exchange = again(receive.exchange, after: Self.receiveDelays[count])
        start(Receive(target: receive.target, messageID: receive.messageID, exchange: exchange))
    }

    // MARK: - Output

    private mutating func take(_ output: ReceivedOutput, of target: CarriageTarget) {
        let others = Set(receives.values.map(\.target)).union(heldTargets)
        for stream in output.streams { ledger.take(stream, of: target, others: others) }
        if case .pipeline(let pipeline) = target, command(pipeline) == nil { return forget(target) }
        repeats[target] = nil
        silences[target] = output.streams.isEmpty && output.state != .done ? silences[target, default: 0] + 1 : 0
        let isOver = isOver(target)
        let isClosed = isOver || waiting.contains(.request(.close(target)))
        let isDone = output.state == .done
        let verdict = ledger.answered(target, endsEarly: isDone && !isClosed)
        if case .lost(let what) = verdict {
            return fail(
                error(
                    .outputLost,
                    .receive(commandID: nil),
                    "the connection broke, and part of the output was lost with it: \(what)",
                    "What the line did there is not known; look there before it is run again."
                )
            )
        }
        if !isOver { held += output.streams.map { .data(target, $0) } }
        if isDone, !isOver, case .pipeline(let pipeline) = target { end(pipeline) }
        if verdict == .whole { release() } else { hold(target) }
        if isDone, !isOver, target == .pool {
            fail(error(.shellLost, .receive(commandID: nil), "the server ended the session", "Run it again."))
        }
    }

    /// A target is not asked before what is missing has come, unless there is nobody else to be asked.
    private mutating func hold(_ target: CarriageTarget) {
        heldTargets.insert(target)
        if receives.isEmpty { heldTargets = [] }
    }

    /// Nothing more is taken from a target that was given up.
    mutating func forget(_ target: CarriageTarget) {
        repeats[target] = nil
        silences[target] = nil
        ledger.forget(target)
        if !ledger.isWaiting { release() }
    }

    /// Tells what was held, since nothing is missing before it.
    private mutating func release() {
        progress.events += held
        held = []
        heldTargets = []
    }

    /// Nothing more comes of a pipeline.
    private mutating func end(_ pipeline: PipelineID) {
        for index in commands.indices where commands[index].pipeline == pipeline { commands[index].isDone = true }
        held.append(.ended(.pipeline(pipeline)))
        // A server answers a stop, and an answer to its host call, while a Receive waits, or now.
        switch underWay?.job {
        case .request(.signal(pipeline)), .request(.data(.pipeline(pipeline), _, _)):
            boundUnderWay(endpoint.times.grace)
        default: break
        }
    }

    // MARK: - Envelopes

    /// Reads an answer, whatever its status: faults come with 500, and so do bodies that are none.
    func read(
        _ body: [UInt8],
        status: Int,
        _ contentType: String,
        _ operation: WSManOperation,
        _ messageID: PSGuid
    ) -> Result<WSManAnswer, WSManError> {
        let isSOAP = contentType.lowercased().contains("xml") && !body.isEmpty
        guard isSOAP else {
            return .failure(WSManError(status: status, isEmpty: body.isEmpty, to: operation, host: endpoint.host))
        }
        let reply: WSManReply
        do throws(EnvelopeError) {
            reply = try WSManReply(body, to: operation, limits: endpoint.limits)
        } catch {
            guard status == 200 || error.code == .tooLarge else {
                return .failure(WSManError(status: status, isEmpty: false, to: operation, host: endpoint.host))
            }
            return .failure(WSManError(error, to: operation, host: endpoint.host))
        }
        switch (reply.relatesTo, reply.answer) {
        case (messageID?, _), (nil, .fault), (nil, .identified): return .success(reply.answer)
        default:
            return .failure(
                error(.malformed, operation, "the answer is to another request", "Check what stands between.")
            )
        }
    }
}
