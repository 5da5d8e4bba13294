import CShellGuard
import Files
import Glibc

/// Runs lines in a shell, one at a time, for a poll loop: says what to wait for, takes what came, tells events.
final class ShellHost {
    private enum Phase {
        case idle
        /// A line was handed over, or runs.
        case running
        /// It has ended; so many bytes of output were in the pipes then. What background jobs write later is the next
        /// line's.
        case draining(status: Int32, output: Int, errors: Int)
        /// The shell has ended, and its last output is being read.
        case leaving(ShellEnd, output: Int, errors: Int)
        case gone
    }

    /// How far a line that is to be stopped was pressed: SIGINT to the foreground, then SIGTERM and SIGKILL to what the
    /// line started, then SIGKILL to the shell.
    private struct Stop {
        static let stages: [UInt64] = [1_000, 2_000, 4_000]
        static let askAgainAfter: UInt64 = 250

        let began: UInt64
        /// Only an answer to this question or a later one proves that the shell is past the last SIGINT.
        var settling: Int
        var stage = 0
        var asked: UInt64
        var status: Int32?
    }

    private let program: ShellProgram
    private let environment: [String]
    private let process: ShellProcess
    let script: ShellScript
    private var phase = Phase.idle
    private var number = 0
    private var stop: Stop?
    private var startTicks: UInt64 = 0
    private var answers = LineSplitter()
    private var check: SyntaxCheck?
    private var input: FileDescriptor?
    private var waitingInput: WaitingInput?
    private var inputEnds = false
    private var hasBegun = false
    /// What the line that runs has given to `exit`, where that does not end the shell.
    private var exit: Int32?

    /// Starts the shell and waits until it serves.
    /// - Throws: `EndpointError`
    init(_ program: ShellProgram, folder: String, environment: [String]) throws(EndpointError) {
        self.program = program
        self.environment = environment
        process = try ShellProcess(program, folder: folder, environment: environment)
        script = process.script
        process.command(script.preparation + script.ask(0))
        try awaitReadiness()
    }

    private func awaitReadiness() throws(EndpointError) {
        let deadline = Clock.milliseconds() + 30_000
        while Clock.milliseconds() < deadline {
            var waits = [process.control, process.output, process.errors, process.reports].map {
                pollfd(fd: $0.raw, events: Int16(POLLIN), revents: 0)
            }
            poll(&waits, nfds_t(waits.count), 100)
            _ = process.output.readableBytes > 0 ? process.output.read(limit: 1 << 16) : nil
            let errors = process.errors.readableBytes > 0 ? process.errors.read(limit: 1 << 16) : nil
            if takeAnswers().contains(.ended(0, status: 0)) { return }
            if waits[3].revents != 0 {
                let text = String(decoding: errors ?? [], as: UTF8.self)
                throw EndpointError("The shell \(program.path) ended as soon as it started. \(text)")
            }
        }
        throw EndpointError("The shell \(program.path) did not answer within 30 seconds.")
    }

    var workingDirectory: String? { process.workingDirectory }

    /// Ends the shell's input: an idle shell runs its EXIT trap and exits.
    func endCommands() { process.endCommands() }

    /// Whether the shell has not ended, as far as is known.
    var isRunning: Bool {
        if case .gone = phase { false } else { true }
    }

    /// What can be read once the shell has ended.
    var endReport: pollfd { pollfd(fd: process.reports.raw, events: Int16(POLLIN), revents: 0) }

    /// Ends the shell and what is left of its session.
    func end() { process.end() }
}

// MARK: Requests
extension ShellHost {
    /// - Throws: `EndpointError`
    func handle(_ request: ShellRequest) throws(EndpointError) {
        switch request {
        case .check(let text):
            check = try SyntaxCheck(of: text, by: program, environment: environment)
        case .run(let text, let lastStatus, let hasInput):
            try run(text, lastStatus, hasInput)
        case .input(let waiting):
            waitingInput = waiting
            try feedInput()
        case .endOfInput:
            inputEnds = true
            try feedInput()
        case .interrupt:
            interrupt()
        case .stay: if program.survivesExit { process.command(script.staying) }
        // The pool's: this shell ends, and another one takes its place.
        case .restart: break
        }
    }

    private func run(_ text: String, _ lastStatus: Int32, _ hasInput: Bool) throws(EndpointError) {
        number += 1
        (hasBegun, inputEnds, waitingInput, exit) = (false, false, nil, nil)
        startTicks = guard_boot_ticks()
        process.setLine(text + "\n")
        process.setStatus(script.statusText(lastStatus))
        input = hasInput ? try process.openInput() : nil
        process.command(script.begin(number, lastStatus: lastStatus, hasInput: hasInput))
        phase = .running
    }

    private func interrupt() {
        guard stop == nil, case .running = phase else { return }
        number += 1
        let now = Clock.milliseconds()
        stop = Stop(began: now, settling: number, asked: now)
        process.interrupt()
        process.command(script.ask(number))
    }

    private var hasInput: Bool { waitingInput.map { !$0.isEmpty } ?? false }

    private func feedInput() throws(EndpointError) {
        guard let input else { return }
        try waitingInput?.next { input.write($0) }
        // Until the shell has opened its end, a pipe without a writer would keep it waiting.
        if !hasInput && inputEnds && hasBegun { self.input = nil }
    }
}

// MARK: Waiting
extension ShellHost {
    /// What to wait for.
    /// - Parameter takesOutput: whether output can be taken now.
    func waits(takesOutput: Bool) -> [pollfd] {
        func entry(_ descriptor: FileDescriptor, _ events: Int32 = POLLIN) -> pollfd {
            pollfd(fd: descriptor.raw, events: Int16(events), revents: 0)
        }
        var waits: [pollfd] = []
        if let check { waits.append(entry(check.messages)) }
        switch phase {
        case .gone: return waits
        case .idle: return waits + [entry(process.reports)]
        case .running:
            waits += [entry(process.reports), entry(process.control)]
            if takesOutput { waits += [entry(process.output), entry(process.errors)] }
            if let input, hasInput { waits.append(entry(input, POLLOUT)) }
        case .draining(_, let output, let errors), .leaving(_, let output, let errors):
            if takesOutput && output > 0 { waits.append(entry(process.output)) }
            if takesOutput && errors > 0 { waits.append(entry(process.errors)) }
        }
        return waits
    }

    /// When `advance` is to be called even if nothing came, in milliseconds of the monotonic clock.
    var deadline: UInt64? {
        guard let stop else { return nil }
        let again = stop.asked + Stop.askAgainAfter
        return stop.stage < Stop.stages.count ? min(again, stop.began + Stop.stages[stop.stage]) : again
    }

    /// Takes what came.
    /// - Throws: `EndpointError`
    func advance(takesOutput: Bool) throws(EndpointError) -> [ShellEvent] {
        var events: [ShellEvent] = []
        if let check, Self.isReady(check.messages), let verdict = try check.advance() {
            self.check = nil
            events.append(.checked(verdict))
        }
        press()
        try feedInput()
        // The control descriptor before the pipes: what a line wrote is in them before its end is told.
        switch phase {
        case .idle, .running:
            for answer in takeAnswers() { try take(answer) }
            if Self.isReady(process.reports) { leave() }
        case .draining, .leaving, .gone: break
        }
        if takesOutput { events += takeOutput() }
        return events
    }

    private static func isReady(_ descriptor: FileDescriptor) -> Bool {
        var wait = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
        return poll(&wait, 1, 0) > 0
    }

    private func takeAnswers() -> [ShellScript.Answer] {
        guard let bytes = process.control.read(limit: 4096) else { return [] }
        return answers.take(bytes).compactMap { ShellScript.answer($0) }
    }

    private func take(_ answer: ShellScript.Answer) throws(EndpointError) {
        guard case .running = phase else { return }
        switch answer {
        case .began(let begun):
            hasBegun = true
            try feedInput()
            process.command(script.ask(begun))
        case .asked(let status): exit = status
        case .ended(let ended, let status):
            guard let stop else {
                if ended == number { drain(status) }
                return
            }
            let first = stop.status ?? status
            self.stop?.status = first
            if ended >= stop.settling { drain(first) }
        }
    }

    private func drain(_ status: Int32) {
        endInput()
        phase = .draining(
            status: status,
            output: process.output.readableBytes,
            errors: process.errors.readableBytes
        )
    }

    private func endInput() {
        waitingInput?.drop()
        (stop, input, waitingInput) = (nil, nil, nil)
    }

    private func leave() {
        endInput()
        phase = .leaving(
            process.readEnd() ?? .killed(signal: SIGKILL),
            output: process.output.readableBytes,
            errors: process.errors.readableBytes
        )
    }

    /// Presses harder on a line that is to be stopped.
    private func press() {
        guard var stop, case .running = phase else { return }
        let now = Clock.milliseconds()
        if stop.stage < Stop.stages.count, now >= stop.began + Stop.stages[stop.stage] {
            switch stop.stage {
            case 0: process.signal(SIGTERM, since: startTicks)
            case 1: process.signal(SIGKILL, since: startTicks)
            default: process.kill()
            }
            stop.stage += 1
            process.interrupt()
            stop.settling = number + 1
            stop.asked = 0
        }
        if now >= stop.asked + Stop.askAgainAfter {
            number += 1
            stop.asked = now
            process.command(script.ask(number))
        }
        self.stop = stop
    }
}

// MARK: Output
extension ShellHost {
    /// Bytes of one read: few, since each empty line of them becomes a message of 900 bytes.
    private static let readSize = 4096

    private func takeOutput() -> [ShellEvent] {
        var events: [ShellEvent] = []
        switch phase {
        case .idle, .gone: break
        case .running:
            _ = take(process.output, .output, Self.readSize, &events)
            _ = take(process.errors, .error, Self.readSize, &events)
        case .draining(let status, var output, var errors):
            output -= take(process.output, .output, min(output, Self.readSize), &events)
            errors -= take(process.errors, .error, min(errors, Self.readSize), &events)
            phase = .draining(status: status, output: output, errors: errors)
            if output == 0 && errors == 0 {
                phase = .idle
                events.append(exit.map { .left(status: $0) } ?? .ended(status: status))
            }
        case .leaving(let end, var output, var errors):
            output -= take(process.output, .output, min(output, Self.readSize), &events)
            errors -= take(process.errors, .error, min(errors, Self.readSize), &events)
            phase = .leaving(end, output: output, errors: errors)
            if output == 0 && errors == 0 {
                phase = .gone
                events.append(.gone(end))
            }
        }
        return events
    }

    private func take(
        _ descriptor: FileDescriptor,
        _ stream: ShellStream,
        _ limit: Int,
        _ events: inout [ShellEvent]
    ) -> Int {
        guard limit > 0, let bytes = descriptor.read(limit: limit), !bytes.isEmpty else { return 0 }
        events.append(.output(bytes, stream))
        return bytes.count
    }
}
