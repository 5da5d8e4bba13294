package import PSRP
package import Playbooks

/// One target's session: a playbook driven through a client's session, one step after the other.
///
/// What is heard, moments and wishes go in; requests, events and at the end `.finished` come out. It never waits, and it
/// sends a line only when the one before it has ended: line, then (where it failed) a pipeline in which the far side renders
/// what ended it, then the probe, one round trip each.
///
/// Three machines share the work: `SessionMachine` the order of things, `HostDialogue` the far side's questions, and
/// `FarSideSecrets` what is to be written down nowhere. This type leads what comes in to them.
package struct PlaybookSession<Client: SessionClient>: Sendable {
    private var machine: SessionMachine
    private var dialogue: HostDialogue
    private var secrets = FarSideSecrets()
    /// The earliest moment at which `tick` would do something, as things stand: any other call may change it.
    package private(set) var nextDue: DueTime
    var client: Client

    package init(client: Client, playbook: Playbook, options: SessionOptions, at now: RunMoment) {
        machine = SessionMachine(StepSource(playbook, options), options, at: now)
        dialogue = HostDialogue(options)
        nextDue = machine.nextDue
        self.client = client
    }

    package var isFinished: Bool { machine.isFinished }

    /// Whether its end was wished for, or a limit has passed.
    package var isStopping: Bool { machine.isStopping }

    /// How much has been received of messages that are not whole yet, in bytes.
    package var unreadBytes: Int { client.unreadBytes }

    package mutating func nextEvent() -> SessionEvent? { machine.nextEvent() }

    /// Lets something happen at a moment; nothing happens any more once the session is over.
    private mutating func happen(at now: RunMoment, _ change: (inout Self) -> Void) {
        guard !isFinished else { return }
        machine.clock.move(to: now)
        change(&self)
        nextDue = machine.nextDue
    }
}

// MARK: The connection

extension PlaybookSession {
    /// Takes the name of the phase that its connection is in, until the pool is open: what fails later failed in none.
    package mutating func connection(isIn phase: String?) {
        if let phase { machine.connection(isIn: phase) }
    }

    /// The connection stands: queues what opens the session.
    /// - Parameter limit: until when the pool must be open; nil for no bound.
    package mutating func open(at now: RunMoment, by limit: OpeningLimit? = nil) {
        happen(at: now) {
            $0.machine.clock.heard()
            $0.machine.open(by: limit)
            $0.client.open()
        }
    }

    /// Changes until when the pool must be open, and what is told where it is not.
    package mutating func bound(openingBy limit: OpeningLimit?) {
        machine.open(by: limit)
    }

    /// What the far side says is not read now, since what it said before is still being dealt with: it may not be silent.
    package mutating func isNotRead(at now: RunMoment) {
        happen(at: now) { $0.machine.clock.heard() }
    }

    /// Takes what the carriage heard.
    package mutating func receive(_ heard: [CarriageEvent], at now: RunMoment) {
        happen(at: now) { session in
            session.machine.clock.heard()
            do throws(PSRPError) {
                try session.client.receive(heard)
                session.drainClient()
            } catch {
                session.drainClient()
                session.machine.breakOff(error)
            }
        }
    }

    /// The far side's output ended; `detail` says how, as far as the connection knows.
    package mutating func receiveEnd(detail: String = "", at now: RunMoment) {
        happen(at: now) { session in
            do throws(PSRPError) {
                try session.client.receiveEnd()
                session.drainClient()
                session.machine.breakOff(PSRPError(.ended, "the far side ended" + detail))
            } catch {
                session.drainClient()
                session.machine.breakOff(PSRPError(error.code, error.message.withoutPeriod + detail))
            }
        }
    }

    /// The connection could not be made, or broke.
    package mutating func fail(_ failure: TargetFailure, at now: RunMoment) {
        happen(at: now) { $0.machine.breakOff(failure) }
    }

    /// What may fly now; empty when there is nothing.
    package mutating func requestsToSend() -> [CarriageRequest] {
        isFinished ? [] : client.requestsToSend()
    }

    private mutating func drainClient() {
        while !isFinished, let event = client.nextEvent() { take(event) }
    }

    private mutating func take(_ event: ClientEvent) {
        if event.isOfPipeline(machine.pipeline) { machine.pipelineActed() }
        // A secret is told before what it came in.
        if secrets.notice(in: event) {
            for text in secrets.reveal(by: client) { machine.emit(.secret(text)) }
        }
        switch event {
        case .noise(let line): machine.emit(.noise(line))
        case .foreign(let text): machine.emit(.foreign(text))
        case .privateData(let data): machine.farSide(speaks: FarSide.language(data))
        case .opened(let version): machine.opened(version, &client)
        case .output(let id, let value) where id == machine.pipeline: machine.took(output: value)
        case .error(let id, let error) where id == machine.pipeline: machine.took(error: error)
        case .record(let id, let stream, let value) where id == machine.pipeline:
            machine.emit(.record(.stream(stream, value)))
        case .hostCall(let call): take(call)
        case .ended(let id, let state, let error) where id == machine.pipeline:
            dialogue.drop()
            machine.ended(state, error, &client)
        case .output, .error, .record, .ended, .availability: break
        case .other(let type, let value): machine.emit(.record(.other(type, value)))
        case .closed: machine.closed()
        }
    }
}

extension ClientEvent {
    /// Whether it shows that a pipeline ran.
    fileprivate func isOfPipeline(_ pipeline: PipelineID?) -> Bool {
        switch self {
        case .output(let id, _), .error(let id, _), .record(let id, _, _): id == pipeline
        case .hostCall(let call): call.pipeline == pipeline
        case .noise, .foreign, .privateData, .opened, .ended, .availability, .other, .closed: false
        }
    }
}

// MARK: The console

extension PlaybookSession {
    private mutating func take(_ call: HostCall) {
        switch call.method {
        case .setShouldExit, .popRunspace: machine.tookExit(call)
        case _ where call.needsReply:
            perform(dialogue.take(call, isStopping: machine.isStopping, at: machine.clock.now.elapsed))
        default: machine.took(call)
        }
    }

    /// A person's answer to the question that was emitted.
    package mutating func answer(_ text: String, at now: RunMoment) {
        happen(at: now) { $0.perform($0.dialogue.answer(text)) }
    }

    /// The person would not answer.
    package mutating func declineAnswer(at now: RunMoment) {
        happen(at: now) { $0.perform($0.dialogue.decline()) }
    }

    private mutating func perform(_ actions: [HostDialogue.Action]) {
        for action in actions {
            switch action {
            case .show(let text): machine.show(text)
            case .showAnswer(let answer): machine.show(answer)
            case .ask(let question): machine.emit(.question(question))
            case .tell(let method, let what): machine.emit(.record(.hostCall(method, what)))
            case .reply(let reply, let call): self.reply(reply, to: call)
            }
        }
    }

    private mutating func reply(_ reply: HostReply, to call: HostCall) {
        do throws(PSRPError) {
            try client.reply(reply, to: call)
        } catch {
            // Only a secret that cannot be sealed is refused here; the refusal itself holds none.
            try? client.reply(.refused(message: error.message, errorID: "PromptAnswerNotSent"), to: call)
        }
    }
}

// MARK: Clocks and wishes

extension PlaybookSession {
    /// Whether `tick` would do something: cheap enough to be asked many times a second.
    package func isDue(at now: RunMoment) -> Bool { nextDue.isReached(by: now) }

    /// Does what the clocks say. To be called several times a second, or whenever `isDue`.
    package mutating func tick(at now: RunMoment) {
        guard let action = machine.due(at: now) else { return }
        if case .stop(let reason) = action { return stop(reason, at: now) }
        happen(at: now) { $0.machine.heed(action, &$0.client) }
    }

    /// Ends the target's run: a Signal for what runs, and the session is dropped when the grace has passed.
    package mutating func stop(_ reason: StopReason, at now: RunMoment) {
        guard !machine.isStopping else { return }
        happen(at: now) { session in
            session.machine.stop(reason, &session.client)
            guard session.machine.isStopping else { return }
            session.dialogue.drop()
            // A pipeline that was never sent has ended by this.
            if session.machine.pipeline != nil { session.drainClient() }
        }
    }

    /// Lets the step that is under way end, and sends no more.
    package mutating func endAfterStep(_ reason: TargetFailure, at now: RunMoment) {
        happen(at: now) { $0.machine.endAfterStep(reason) }
    }

    /// That the pool is open is on disk, or never will be. Told where the session records before it sends.
    package mutating func openingIsRecorded(at now: RunMoment) {
        happen(at: now) { $0.machine.stepIsRecorded(&$0.client) }
    }

    /// The text that `.input` told is on disk, or never will be. Told where the session records before it sends.
    package mutating func textIsRecorded(at now: RunMoment) {
        happen(at: now) { $0.machine.textIsRecorded(&$0.client) }
    }

    /// Ends the session before it is entered, with all that its start says of the playbook's lines.
    package mutating func refuse(_ failure: TargetFailure, at now: RunMoment) {
        happen(at: now) { $0.machine.refuse(failure) }
    }

    /// The step that `.stepEnded` told is on disk, or never will be: what a failure means for the session was told before.
    package mutating func stepIsRecorded(at now: RunMoment) {
        happen(at: now) { $0.machine.stepIsRecorded(&$0.client) }
    }
}
