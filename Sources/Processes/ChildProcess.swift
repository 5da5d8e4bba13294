import CLinux
package import Files
import Glibc
import Synchronization

/// What a child process is started with.
package struct ChildProcessPlan: Sendable {
    /// The program: searched on PATH where it has no slash.
    package var executable: String
    /// The arguments after the program's own name.
    package var arguments: [String]
    /// Added to this process's environment, or put in place of what it has.
    package var environment: [String: String]

    package init(executable: String, arguments: [String], environment: [String: String] = [:]) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }
}

/// Why a child is not there.
package enum ChildFailure: Error, Sendable {
    case notStarted(program: String, SpawnFailure)
    case noDescriptor(NoDescriptor)

    /// For the end of a sentence.
    package var reason: String {
        switch self {
        case .notStarted(let program, let failure): "cannot start \(program): \(failure.reason)"
        case .noDescriptor(let failure): failure.reason
        }
    }
}

/// A running child: the leader of its own process group.
///
/// Its number is nobody else's until it is reaped; where its owner lets it go before that, it is killed.
package final class ChildProcess: Sendable {
    /// Readable once the process has ended (pidfd_open(2)).
    package let ending: FileDescriptor
    private let pid: pid_t
    /// Its number; nil once that may be another's.
    package var livingNumber: Int32? { isReaped.load(ordering: .relaxed) ? nil : pid }
    private let isReaped = Atomic(false)

    /// Starts a process with these descriptors as its standard ones and no others; blocks until it runs or cannot.
    /// - Parameter standardError: nil for this process's own.
    package convenience init(
        _ plan: ChildProcessPlan,
        standardInput: FileDescriptor,
        standardOutput: FileDescriptor,
        standardError: FileDescriptor?
    ) throws(ChildFailure) {
        try self.init(
            plan.executable,
            [plan.executable] + plan.arguments,
            environment: ProcessEnvironment.lines(adding: plan.environment),
            descriptors: [standardInput.raw, standardOutput.raw, standardError?.raw ?? STDERR_FILENO]
        )
    }

    /// Starts a process as `spawn` does.
    /// - Parameter leadership: of a group at least: what the process has started ends with it.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String],
        descriptors: [Int32],
        leading leadership: ProcessLeadership = .group
    ) throws(ChildFailure) {
        let pid: pid_t
        do {
            pid = try spawn(
                program,
                arguments,
                environment: environment,
                descriptors: descriptors,
                leading: leadership
            )
        } catch {
            throw .notStarted(program: program, error)
        }
        let descriptor = psrun_pidfd_open(pid)
        guard descriptor >= 0 else {
            let code = errno
            kill(-pid, SIGKILL)
            waitForEnd(of: pid)
            throw .noDescriptor(NoDescriptor(code: code))
        }
        LivingProcesses.add(pid)
        self.pid = pid
        ending = FileDescriptor(owning: descriptor)
    }

    deinit {
        guard !isReaped.load(ordering: .relaxed) else { return }
        _ = endNow(.immediate)
    }

    /// Sends a signal to the process and all of its group. Only before `reap`.
    package func signalGroup(_ signal: Int32) {
        kill(-pid, signal)
    }

    /// Whether it was stopped by a signal, and not ended; what a debugger holds is not told (see `ProcessState.isStopped`, which
    /// costs twenty times as much).
    package var isStopped: Bool {
        var information = siginfo_t()
        return livingNumber != nil && waitid(P_PID, id_t(pid), &information, WSTOPPED | WNOWAIT | WNOHANG) == 0
            && information._sifields._sigchld.si_pid == pid
    }

    /// How the process ended, where it has: its number stays its own.
    package func peekAtEnd() -> ProcessEnd? {
        var information = siginfo_t()
        guard waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT | WNOHANG) == 0,
            information._sifields._sigchld.si_pid == pid
        else { return nil }
        let status = information._sifields._sigchld.si_status
        return information.si_code == Int32(CLD_EXITED) ? .exited(status) : .killed(signal: status)
    }

    /// How the process ended, which frees its number; what it left behind in its group is killed. Called once, after `ending`
    /// became readable.
    /// - Returns: nil where the system does not tell.
    package func reap() -> ProcessEnd? {
        // Its number is still its own here.
        signalGroup(SIGKILL)
        isReaped.store(true, ordering: .relaxed)
        LivingProcesses.remove(pid)
        return waitForEnd(of: pid)
    }

    /// Waits for its end; blocks.
    /// - Parameters:
    ///   - patience: after which it is ended.
    ///   - teardown: how.
    /// - Returns: how it ended by itself; nil where it had to be ended.
    package func end(patience: Duration, then teardown: Teardown) -> ProcessEnd? {
        guard hasEnded(within: patience) else {
            _ = endNow(teardown)
            return nil
        }
        return reap()
    }

    /// Ends it; blocks for as long as the steps and the last patience take.
    /// - Returns: nil where it did not end, or the system does not tell how.
    package func endNow(_ teardown: Teardown) -> ProcessEnd? {
        for step in teardown.steps {
            if hasEnded(within: step.patience) { return reap() }
            signalGroup(step.signal)
        }
        guard hasEnded(within: Teardown.lastPatience) else {
            isReaped.store(true, ordering: .relaxed)
            return nil
        }
        return reap()
    }

    /// Whether it has ended, after so long at most; blocks.
    package func hasEnded(within patience: Duration) -> Bool {
        let deadline = ContinuousClock.now + patience
        while true {
            let left = max(.zero, deadline - .now)
            var request = pollfd(fd: ending.raw, events: Int16(POLLIN), revents: 0)
            let milliseconds = (left + .microseconds(999)) / .milliseconds(1)
            let ready = poll(&request, 1, Int32(min(milliseconds, 60_000)))
            if ready > 0 { return true }
            if ready == 0, ContinuousClock.now >= deadline { return false }
            if ready < 0, errno != EINTR { return false }
        }
    }
}
