import CLinux
package import EventLoops
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
}

/// A running child: the leader of its own process group.
///
/// Its number is nobody else's until it is reaped; where its owner lets it go before that, it is killed.
package final class ChildProcess: Sendable {
    /// Readable once the process has ended (pidfd_open(2)).
    package let end: FileDescriptor
    private let pid: pid_t
    private let isReaped = Atomic(false)

    /// Starts a process with these descriptors as its standard ones and no others; blocks until it runs or cannot.
    /// - Parameter standardError: nil for this process's own.
    package init(
        _ plan: ChildProcessPlan,
        standardInput: FileDescriptor,
        standardOutput: FileDescriptor,
        standardError: FileDescriptor?
    ) throws(ChildFailure) {
        let pid: pid_t
        do {
            pid = try spawn(
                plan.executable,
                [plan.executable] + plan.arguments,
                environment: environment(adding: plan.environment),
                descriptors: [standardInput.raw, standardOutput.raw, standardError?.raw ?? STDERR_FILENO],
                leading: .group
            )
        } catch {
            throw .notStarted(program: plan.executable, error)
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
        end = FileDescriptor(owning: descriptor)
    }

    deinit {
        guard !isReaped.load(ordering: .relaxed) else { return }
        signalGroup(SIGKILL)
        _ = reap()
    }

    /// Sends a signal to the process and all of its group. Only before `reap`.
    package func signalGroup(_ signal: Int32) {
        kill(-pid, signal)
    }

    /// How the process ended, which frees its number. Called once, after `end` became readable.
    /// - Returns: nil where the system does not tell.
    package func reap() -> ProcessEnd? {
        isReaped.store(true, ordering: .relaxed)
        LivingProcesses.remove(pid)
        return waitForEnd(of: pid)
    }
}

/// This process's environment with some variables set.
private func environment(adding additions: [String: String]) -> [String] {
    var lines: [String] = []
    var entry = environ
    while let line = entry.pointee {
        lines.append(String(cString: line))
        entry += 1
    }
    lines.removeAll { line in line.firstIndex(of: "=").map { additions[String(line[..<$0])] != nil } ?? false }
    return lines + additions.map { "\($0.key)=\($0.value)" }
}
