import Recording
import RecordingFormat
import Sessions
import Synchronization
import Threads

/// Watches one target's session: its recording first, then what is shown of it.
final class TargetWatcher: SessionObserver {
    private let screen: any TargetScreen
    private let recording: SessionRecording?
    private let control: RunControl
    private let person: (any Person)?
    private let mask: SecretMask
    private let remark: @Sendable (String) -> Void
    private let gate: Mutex<RedactionGate>
    /// Where the screen takes steps.
    private let steps = Mutex(StepsToTell())
    /// For readers of what is shown.
    private let patience = Patience()
    /// On the counted clock: when the target's time, or the run's, is over; nil for no bound.
    private let end: Duration?
    /// How long a disk that does not answer is waited for then.
    private let diskPatience: Duration
    /// When it was seen that the target is to end.
    private let endingSince = Mutex<Duration?>(nil)

    init(
        screen: any TargetScreen,
        recording: SessionRecording?,
        control: RunControl,
        person: (any Person)?,
        mask: SecretMask,
        end: Duration?,
        diskPatience: Duration,
        remark: @escaping @Sendable (String) -> Void
    ) {
        self.screen = screen
        self.recording = recording
        self.control = control
        self.person = person
        self.mask = mask
        self.remark = remark
        self.end = end
        self.diskPatience = diskPatience
        gate = Mutex(RedactionGate(mask: mask))
    }

    func observe(_ event: SessionEvent, at moment: RunMoment) async {
        if case .secret(let text) = event { return gate.withLock { $0.hold(fromFarSide: text) } }
        screen.show(event)
        pass(RecordedItem.items(of: event, at: moment), settles: event.endsText)
        if let recording { await secure(event, recording) }
        if screen.keepsSteps, let step = steps.withLock({ $0.take(event) }) { await pass(whole: step) }
        await screen.waitForRoom(patience)
        switch event {
        case .noise(let line): screen.tell(noise: masked(line))
        case .foreign(let text): screen.tell(foreign: masked(text))
        case .opened: screen.opened(at: moment)
        case .cut(let cutter, let blocks): screen.tell(cutter, blocks)
        case .remark(let text): screen.tell(remark: masked(text))
        case .stepEnded(let result): screen.tell(step: brief(result))
        case .finished(let result): screen.finish(gate.withLock { $0.masked(result) })
        default: break
        }
    }

    func observe(diagnostics: String, at moment: RunMoment) async {
        pass([RecordedItem.item(ofDiagnostics: diagnostics, at: moment)], settles: false)
        await recording?.recorder.waitForRoom()
        await screen.waitForRoom(patience)
    }

    func observe(banner: String, at moment: RunMoment) async {
        pass([RecordedItem.item(ofBanner: banner, at: moment)], settles: true)
        screen.tell(banner: masked(banner))
        await recording?.recorder.waitForRoom()
    }

    /// What is told of a step in a line, without secrets; of one that is well nothing is.
    private func brief(_ result: StepResult) -> StepResult {
        guard result.outcome != .ok, result.outcome != .notSent else { return result }
        return gate.withLock { gate in result.inBrief { gate.masked($0) } }
    }

    private func masked(_ text: String) -> String { gate.withLock { $0.masked(text) } }

    func observe(trace line: String, at moment: RunMoment) {
        screen.tell(trace: line, at: moment)
    }

    func connects(phase: @escaping @Sendable () -> String?) { screen.connects(phase: phase) }

    func hurry() { patience.end() }

    /// A result of more than this is looked through by a thread that is not a loop's.
    private static let largeBytes = 64 << 10

    private func pass(whole step: StepResult) async {
        let pass: @Sendable () -> Void = { [self] in screen.keep(gate.withLock { $0.masked(step) }) }
        guard step.output.utf8.count > Self.largeBytes else { return pass() }
        await withTaskExecutorPreference(globalConcurrentExecutor) { pass() }
    }

    func ask(_ question: Question) async -> String? {
        pass([], settles: true)
        let answer = await person?.ask(screen.heading, question.kind) { [control] in control.stopReason != nil }
        if question.kind == .secret, let answer { mask.add(answer) }
        return answer
    }

    /// Lets out what has waited for long enough; to be called several times a second.
    func beat(at now: RunMoment) {
        // Also for a session that has ended, and whose last words nobody reads.
        if control.stopReason != nil || end.map({ now.counted >= $0 }) == true {
            hurry()
            let since = endingSince.withLock { since in
                since = since ?? now.elapsed
                return since ?? now.elapsed
            }
            if now.elapsed - since > diskPatience { recording?.recorder.giveUpDisk(after: diskPatience) }
        }
        // Where it is in use, something is being let out.
        if gate.withLockIfAvailable({ $0.isDue(at: now) }) == true { pass([], settles: true) }
    }

    /// Takes events in, and writes down and shows those whose turn has come.
    private func pass(_ items: [RecordedItem], settles: Bool) {
        gate.withLock { gate in
            for (item, data) in gate.pass(items, settles: settles) {
                recording?.record(item, data)
                switch item.content {
                case .text(_, _) where item.code == .output: if !item.isOwn { screen.keep(data) }
                case .text(RecordedLead.diagnostics, _):
                    screen.tell(diagnostics: String(data.dropFirst(RecordedLead.diagnostics.count)))
                default: break
                }
            }
        }
        for notice in mask.takeNotices() { remark(notice) }
    }

    /// A step is shown as finished only when it is on disk.
    private func secure(_ event: SessionEvent, _ recording: SessionRecording) async {
        let recorder = recording.recorder
        switch event {
        case .stepEnded(let result) where result.outcome != .notSent: try? await recorder.commit()
        case .finished:
            recorder.finish(recording.entry)
            try? await recorder.commit()
        // Nothing is sent behind these before they are on disk.
        case .opened: try? await recorder.commit()
        case .input where event.isText: try? await recorder.commit()
        case .input:
            recorder.hurry()
            await recorder.waitForRoom()
        default: await recorder.waitForRoom()
        }
    }
}

extension SessionEvent {
    /// Whether what the console shows next goes on with nothing before.
    fileprivate var endsText: Bool {
        switch self {
        case .stepEnded, .finished, .question, .opened: true
        case .input: isText
        default: false
        }
    }

    /// Whether it is a text of several lines that is to be sent: see `SessionOptions.recordsBeforeSending`.
    fileprivate var isText: Bool {
        guard case .input(let lines, let isContinuation) = self else { return false }
        return isContinuation || lines.count > 1
    }
}
