/// This side of a guard: what is written to it, and what it has said.
struct ShellGuardWatch: Sendable {
    enum State: Sendable, Hashable {
        case none
        case starting
        case up
        case over
    }

    private(set) var state = State.none
    private let program: ShellGuardProgram?
    private var bytes: [UInt8] = []
    private var partial: [UInt8] = []
    /// Signals that were asked for and are not answered.
    private(set) var pendingSignals = 0
    /// The far side's clock: seconds since its boot, and when that was read; nil where it has no /proc.
    private var uptime: (seconds: Double, at: UInt64)?

    /// A line of a guard's is short; what start-up files print may not fill the memory.
    private static let longestLine = 4096
    /// Seconds: three hundred years. What says more has no clock.
    private static let longestUptime = 1e10
    /// Clock ticks of Linux in a second, in which /proc counts (USER_HZ).
    private static let ticks = 100.0

    init(_ program: ShellGuardProgram? = nil) {
        self.program = program
        guard let program else { return }
        state = .starting
        bytes = Array(program.text.utf8)
    }

    mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// - Returns: what it says, in order.
    mutating func receive(_ received: [UInt8], at now: UInt64) -> [ShellGuardProgram.Answer] {
        guard let program, state != .over else { return [] }
        partial += received
        var answers: [ShellGuardProgram.Answer] = []
        while let end = partial.firstIndex(of: UInt8(ascii: "\n")) {
            if let answer = program.answer(String(decoding: partial[..<end], as: UTF8.self)) {
                note(answer, at: now)
                answers.append(answer)
            }
            partial.removeFirst(end + 1)
        }
        if partial.count > Self.longestLine { partial = [] }
        return answers
    }

    private mutating func note(_ answer: ShellGuardProgram.Answer, at now: UInt64) {
        switch answer {
        case .up(let seconds, let session):
            state = session == program?.process || session == 0 ? .up : .over
            uptime = (0.0...Self.longestUptime).contains(seconds) && seconds > 0 ? (seconds, now) : nil
        case .over: state = .over
        case .signalled, .killed: pendingSignals -= 1
        }
    }

    mutating func isOver() { state = .over }

    // MARK: Signals

    /// SIGINT to the shell and to what runs in the foreground, which share a process group.
    mutating func interrupt() { signal("g INT") }

    /// A signal to what began since a moment, the shell aside; without /proc, to the group, which the shell survives.
    mutating func signal(_ name: String, since moment: UInt64) {
        guard let uptime else { return signal("g \(name == "KILL" ? "INT" : name)") }
        let seconds = uptime.seconds + (Double(moment) - Double(uptime.at)) / 1000
        signal("k \(name) \(Int(max(seconds, 0) * Self.ticks))")
    }

    mutating func killShell() { signal("x") }

    mutating func leave() { send("q") }

    private mutating func signal(_ command: String) {
        guard state == .up else { return }
        pendingSignals += 1
        send(command)
    }

    private mutating func send(_ command: String) {
        guard state == .up else { return }
        bytes += "\(command)\n".utf8
    }
}

/// How far what runs was pressed to stop: SIGINT to the foreground, then SIGTERM and SIGKILL to what the line started, then
/// SIGKILL to the shell.
struct ShellStop: Sendable {
    static let stages: [UInt64] = [1_000, 2_000, 4_000]
    static let askAgainAfter: UInt64 = 250

    let began: UInt64
    var stage = 0
    /// When the shell was asked last; nil as long as the guard has not answered.
    var asked: UInt64?

    var deadline: UInt64? {
        let again = asked.map { $0 + Self.askAgainAfter }
        let next = stage < Self.stages.count ? began + Self.stages[stage] : nil
        return [again, next].compactMap(\.self).min()
    }
}

// MARK: The guard of a driven shell
extension DrivenShell {
    package mutating func receiveFromGuard(_ bytes: [UInt8], at now: UInt64) {
        for answer in watch.receive(bytes, at: now) {
            switch answer {
            case .up where watch.state == .up: events.append(.guarded)
            case .up: events.append(.unguarded("the shell there does not lead a session of its own"))
            case .signalled, .killed: if watch.pendingSignals == 0 { settle(at: now) }
            case .over: break
            }
        }
    }

    /// The guard's channel could not be opened, or has ended.
    package mutating func guardEnded(_ reason: String, at now: UInt64) {
        guard watch.state != .over else { return }
        watch.isOver()
        guard phase != .gone else { return }
        events.append(.unguarded(reason))
        guard stopping != nil else { return }
        // Nobody answers for the signals any more: what was to be stopped ends when it ends.
        settle(at: now)
        stopping = nil
    }

    /// Whether what runs can be stopped, and what is left be ended.
    package var isGuarded: Bool { watch.state == .up }

    /// Whether the guard has said that nothing is left.
    package var isGuardOver: Bool { watch.state == .over || watch.state == .none }

    /// All signals were sent: what the shell answers from now on is behind them.
    private mutating func settle(at now: UInt64) {
        guard stopping != nil, job != nil else { return }
        job?.awaited = number + 1
        ask(at: now)
    }

    private mutating func ask(at now: UInt64) {
        stopping?.asked = now
        write(commands.ask(nextNumber()), at: now)
    }

    /// Presses harder on what is to be stopped.
    mutating func press(at now: UInt64) {
        guard var stop = stopping, job != nil else { return }
        if stop.stage < ShellStop.stages.count, now >= stop.began + ShellStop.stages[stop.stage] {
            switch stop.stage {
            case 0: watch.signal("TERM", since: startedAt)
            case 1: watch.signal("KILL", since: startedAt)
            default: watch.killShell()
            }
            stop.stage += 1
            stop.asked = nil
            stopping = stop
            job?.awaited = .max
            job?.outputMark = nil
            job?.hasErrorMark = false
            watch.interrupt()
        } else if let asked = stop.asked, now >= asked + ShellStop.askAgainAfter {
            ask(at: now)
        }
    }
}
