import Connections
import EventLoops
import PSRP
import PSRPEndpoint
import ShellDriver

/// A text that is to run, as far as it was looked at.
struct ShellWork {
    let syntax: String
    var inquiry: SyntaxInquiry
    /// What is to run, where the text is whole; nil until that was said.
    var run: (text: String, status: Int32)?
    var isStopped = false

    init(_ syntax: String) {
        self.syntax = syntax
        inquiry = SyntaxInquiry(syntax)
    }

    /// Whether one look that finds nothing wrong is enough, so that it can be made in the round trip of the run.
    var isOneLookEnough: Bool {
        var inquiry = inquiry
        return inquiry.take(passed: true, errorOutput: "") == .complete
    }
}

// Between the endpoint's session and the shell.
extension DrivenSession {
    /// What the endpoint asks of its shell.
    func handle(_ request: ShellRequest, for runspace: Int) {
        guard runspace == 0 else {
            endpoint?.shellFailed("One shell is driven there, and one line runs at a time.", in: runspace)
            return
        }
        switch request {
        case .check(let text): work = ShellWork(text)
        case .run(let text, let status, _):
            guard var work else { return }
            work.run = (text, status)
            self.work = work
            if work.isOneLookEnough {
                shell.run(text, lookingAt: work.syntax, status: status, at: now)
            } else {
                shell.look(work.inquiry.next, at: now)
            }
        case .interrupt:
            work?.isStopped = true
            shell.stop(at: now)
        case .restart: endpoint?.shellFailed("A driven shell cannot be begun anew; enter the host once more.")
        // A line's standard input is at its end, as every program's is there; and `exit` ends the shell.
        case .input, .endOfInput, .stay: break
        }
    }

    /// What the shell tells.
    func take(_ event: DrivenShell.Event) {
        switch event {
        case .noise(let bytes, .output):
            noise.note(bytes)
            for line in noise.take(bytes) { inbox.deliver(.events([.noise(line)])) }
        case .noise(let bytes, .errors):
            noise.note(bytes)
            if noise.mayTell(bytes.count) { inbox.deliver(.diagnostics(bytes)) }
        case .greeted(let greeting):
            for line in noise.finish() { inbox.deliver(.events([.noise(line)])) }
            endpoint = makeEndpoint(greeting)
            starting?.succeed(())
        case .guarded: starting?.succeed(())
        case .unguarded(let reason):
            starting?.succeed(())
            guard closing == .no else { return }
            options.remark(
                "\(target): \(reason): what runs there cannot be stopped, and goes on where the connection breaks."
            )
        case .looked(let passed, let message): judge(passed: passed, message)
        case .refused(let message): judge(passed: false, message)
        case .output(let bytes, let stream):
            endpoint?.handle(.output(bytes, stream == .output ? .output : .error))
        case .ended(let status):
            work = nil
            endpoint?.handle(.ended(status: status))
        case .unusable(let reason):
            if starting != nil { refuse(reason) } else { lose(reason) }
        }
    }

    private func judge(passed: Bool, _ message: String) {
        guard var work, let run = work.run else { return }
        self.work = nil
        guard !work.isStopped else {
            endpoint?.handle(.ended(status: 130))
            return
        }
        guard passed || !message.isEmpty else {
            let words = "The shell there could not look at the text: is it short of processes or of room in /tmp?"
            endpoint?.handle(.checked(.invalid(message: words, line: 1)))
            return
        }
        switch work.inquiry.take(passed: passed, errorOutput: message) {
        case nil:
            self.work = work
            shell.look(work.inquiry.next, at: now)
        case .complete?:
            self.work = work
            shell.run(run.text, lookingAt: nil, status: run.status, at: now)
        case let verdict?: endpoint?.handle(.checked(verdict))
        }
    }

    private func makeEndpoint(_ greeting: ShellGreeting) -> EndpointSession {
        let facts = EndpointFacts(
            user: greeting.user,
            computer: greeting.computer,
            processID: UInt32(clamping: greeting.process),
            isPrivileged: greeting.isPrivileged,
            shell: "sh",
            operatingSystem: greeting.operatingSystem,
            version: options.version
        )
        let (driven, folder) = (shell, folder)
        var endpoint = EndpointSession(
            facts: facts,
            clean: { driven.cleaned($1) },
            now: Clock.now,
            workingDirectory: { _ in folder.path }
        )
        endpoint.runsAsItChecks = true
        return endpoint
    }

    // MARK: The end in order

    /// How long the shell has for its EXIT trap.
    private static let lastWords = Duration.milliseconds(500)

    /// The client has closed the pool: the shell ends, then what is left of its session, then the client is told.
    func advanceClosing() {
        switch closing {
        case .no:
            guard endpoint?.isClosing == true else { return }
            closing = .shell
            shell.leave()
            shellLine?.send(shell.bytesForShell())
            after(Self.lastWords) { if $0.closing == .shell { $0.endRest() } }
            if shell.isGone { endRest() }
        case .shell: if shell.isGone { endRest() }
        case .rest: if shell.isGuardOver { finishClosing() }
        case .done: break
        }
    }

    private func endRest() {
        closing = .rest
        shell.endRest()
        guardLine?.send(shell.bytesForGuard())
        after(options.patience) { $0.finishClosing() }
        if shell.isGuardOver { finishClosing() }
    }

    private func finishClosing() {
        guard closing != .done else { return }
        closing = .done
        endpoint?.finish()
    }

    private func after(_ delay: Duration, _ action: @escaping @Sendable (isolated DrivenSession) -> Void) {
        _ = loop.schedule(at: .now + delay) { [weak self] in
            self?.assumeIsolated { session in
                action(session)
                session.pump()
            }
        }
    }
}
