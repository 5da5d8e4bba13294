import Connections
import EventLoops
import PSRP
import Playbooks
import Sessions
import Synchronization
import Testing

@testable import Fleet

/// Keeps what it is shown, and does something when a step has ended.
private final class Notes: SessionObserver {
    let screen = Mutex("")
    private let onStepEnd: @Sendable () -> Void
    /// How long each step's end takes to be told.
    private let stepEndTakes: Duration

    init(stepEndTakes: Duration = .zero, onStepEnd: @escaping @Sendable () -> Void) {
        self.stepEndTakes = stepEndTakes
        self.onStepEnd = onStepEnd
    }

    func observe(_ event: SessionEvent, at moment: RunMoment) async {
        if let text = event.consoleText { screen.withLock { $0 += text } }
        guard case .stepEnded = event else { return }
        onStepEnd()
        if stepEndTakes > .zero { try? await Task.sleep(for: stepEndTakes) }
    }

    func observe(diagnostics: String, at moment: RunMoment) async {}

    func observe(banner: String, at moment: RunMoment) async {}
    func observe(trace line: String, at moment: RunMoment) {}

    func ask(_ question: Question) async -> String? { nil }
}

@Suite("Driving targets")
struct TargetDriverTests {
    private func run(
        _ playbook: String,
        _ transport: any SessionTransport,
        connectingTimeout: Duration? = nil,
        control: RunControl = RunControl(),
        options change: (inout SessionOptions) -> Void = { _ in },
        stepEndTakes: Duration = .zero,
        onStepEnd: @escaping @Sendable () -> Void = {}
    ) async throws -> (result: TargetResult, screen: String) {
        var options = SessionOptions(target: "web01", label: "web01", computerName: "web01")
        change(&options)
        let plan = TargetPlan(
            transport: transport,
            playbook: try Playbook(bytes: Array(playbook.utf8)),
            options: options,
            connectingTimeout: connectingTimeout
        )
        let clock = RunClock()
        let loops = try TargetLoops(clock, targets: 1)
        let notes = Notes(stepEndTakes: stepEndTakes, onStepEnd: onStepEnd)
        let heartbeat = loops.next().heartbeat
        let driver = TargetDriver(plan, clock: clock, heartbeat: heartbeat, control: control, observer: notes)
        let result = await loops.during { await driver.run() }
        return (result, notes.screen.withLock { $0 })
    }

    @Test("A playbook runs over a real client and server session, and every phase is timed")
    func ordinary() async throws {
        let (result, screen) = try await run("one\ntwo", MemoryTransport())
        #expect(screen == "[web01]: PS /> one\none\n[web01]: PS /> two\ntwo\n")
        #expect(result.outcome == .ok)
        #expect(Set(result.phasesMicroseconds.keys) == ["subsystem", "psrp_open"])
    }

    @Test("A connection that cannot be made is unreachable, with its code, target and phase")
    func refused() async throws {
        let refusal = TransportError(.connectionFailed, phase: .subsystem, "nobody listens.")
        let (result, _) = try await run("1", MemoryTransport(refusal: refusal))
        #expect(result.outcome == .unreachable)
        #expect(result.phase == "subsystem")
        #expect(result.failure?.code == "ConnectionFailed")
        #expect(result.failure?.message == "web01: in phase subsystem: nobody listens.")
        #expect(result.steps.map(\.outcome) == [.notSent])
    }

    @Test("ConnectingTimeout covers the first prompt: a pool that opens and then answers nothing is told as that")
    func firstPrompt() async throws {
        let (result, _) = try await run(
            "1",
            MemoryTransport(hasPrompt: false),
            connectingTimeout: .milliseconds(600)
        )
        #expect(result.outcome == .unreachable && result.phase == "prompt", "\(result)")
        #expect(result.failure?.code == "ConnectingTimeout")
        let message = result.failure?.message ?? ""
        #expect(
            message.contains("in phase prompt: 600 ms of -ConnectingTimeout ran out while waiting for the first prompt")
        )
        #expect(result.steps.map(\.outcome) == [.notSent], "\(result)")
    }

    @Test("ConnectingTimeout covers the opening of the pool")
    func silent() async throws {
        let (result, _) = try await run("1", MemoryTransport(isSilent: true), connectingTimeout: .milliseconds(200))
        #expect(result.outcome == .unreachable)
        #expect(result.phase == "psrp_open")
        #expect(result.failure?.code == "ConnectingTimeout")
        #expect(result.durationMicroseconds >= 200_000)
    }

    @Test("A step's clock stops what hangs")
    func stepTimeout() async throws {
        let hanging = MemoryTransport(answer: { $0 == "hang" ? nil : [$0] })
        let (result, _) = try await run("one\nhang\ntwo", hanging) { $0.limits.step = .milliseconds(200) }
        #expect(result.steps.map(\.outcome) == [.ok, .stopped, .notSent])
        #expect(result.outcome == .timedOut)
    }

    @Test("A line that is silent for long goes on while the far side answers questions, and no longer")
    func keepalive() async throws {
        let hanging: @Sendable (String) -> [String]? = { text in text == "hang" ? nil : [text] }
        let limits = { (options: inout SessionOptions) in
            options.limits.keepalive = .milliseconds(100)
            options.limits.dead = .milliseconds(400)
            options.limits.step = .milliseconds(1500)
        }
        let (slow, _) = try await run("one\nhang\ntwo", MemoryTransport(answer: hanging), options: limits)
        #expect(slow.steps.map(\.outcome) == [.ok, .stopped, .notSent])
        #expect(slow.failure?.code == "StepTimeout")

        let dying = MemoryTransport(answer: hanging, lastScript: "hang")
        let (dead, _) = try await run("one\nhang\ntwo", dying, options: limits)
        #expect(dead.steps.map(\.outcome) == [.ok, .unknown, .notSent])
        #expect(dead.failure?.code == "SessionBroken")
        #expect(dead.failure?.message.contains("keepalive") == true)
    }

    @Test("A far side is not dead while what it said is still being told, however long that takes")
    func busyHere() async throws {
        let (result, _) = try await run(
            "one\ntwo\nthree",
            MemoryTransport(),
            options: {
                $0.limits.keepalive = .milliseconds(100)
                $0.limits.dead = .milliseconds(300)
            },
            stepEndTakes: .milliseconds(900)
        )
        #expect(result.steps.map(\.outcome) == [.ok, .ok, .ok], "\(result.failure?.message ?? "")")
        #expect(result.outcome == .ok)
    }

    @Test("A wish to stop reaches a target that waits, and one that has not begun")
    func stop() async throws {
        let control = RunControl()
        let hanging = MemoryTransport(answer: { text in
            if text == "hang" { control.stop(.interrupt) }
            return text == "hang" ? nil : [text]
        })
        let (result, _) = try await run("one\nhang\ntwo", hanging, control: control)
        #expect(result.steps.map(\.outcome) == [.ok, .stopped, .notSent])
        let (late, _) = try await run("one", MemoryTransport(), control: control)
        #expect(late.outcome == .notRun)
    }

    @Test(
        "Where a line waits for its recording, one that failed keeps the next line from being sent",
        arguments: [true, false]
    )
    func recordingFails(endsAfterStep: Bool) async throws {
        let control = RunControl()
        let sent = Mutex<[String]>([])
        let transport = MemoryTransport(answer: { text in
            sent.withLock { $0.append(text) }
            return [text]
        })
        let failure = TargetFailure(code: "RecordingWriteFailed", message: "the disk is full")
        let (result, _) = try await run(
            "one\ntwo\nthree",
            transport,
            control: control,
            options: { $0.awaitsRecording = true },
            onStepEnd: {
                guard sent.withLock({ $0.count }) == 2 else { return }
                if endsAfterStep { control.endAfterSteps(failure) } else { control.stop(.recordingLost) }
            }
        )
        #expect(sent.withLock { $0 } == ["one", "two"])
        #expect(result.steps.map(\.outcome) == [.ok, .ok, .notSent])
        #expect(result.failure?.code == (endsAfterStep ? "RecordingWriteFailed" : "RecordingLost"))
    }

    @Test("A carriage without bytes, whose Commands carry the first fragment, needs nothing of the driver")
    func otherCarriage() async throws {
        let sizes = Mutex<[Int]>([])
        let long = String(repeating: "x", count: 5_000)
        let (result, screen) = try await run(
            "one\n\(long)",
            DirectTransport { size in sizes.withLock { $0.append(size) } }
        )
        #expect(result.outcome == .ok)
        #expect(result.steps.map(\.outcome) == [.ok, .ok])
        #expect(screen.contains("PS /> one\none\n") && screen.contains(long))
        #expect(sizes.withLock { $0.max() } == 2_000)
    }

    @Test("No more than the fan-out is under way at once, and everything is run")
    func fanout() async throws {
        let counts = Mutex((now: 0, most: 0, all: 0))
        let loops = try TargetLoops(RunClock(), targets: 2)
        await loops.during {
            await forEachConcurrently(20, limit: 3, on: loops) { _, place in
                // The body runs where it is told, from the beginning.
                #expect(place.loop.isIsolatingCurrentContext() == true)
                counts.withLock { counts in
                    counts.now += 1
                    counts.all += 1
                    counts.most = max(counts.most, counts.now)
                }
                await Task.yield()
                counts.withLock { $0.now -= 1 }
            }
        }
        let (_, most, all) = counts.withLock { $0 }
        #expect(most <= 3)
        #expect(all == 20)
    }
}
