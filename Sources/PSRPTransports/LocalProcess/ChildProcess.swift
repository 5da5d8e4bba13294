import CLinux
import EventLoops
import Glibc
import PSRP
import Processes
import Synchronization

/// What a child process is started with.
struct ChildProcessPlan: Sendable {
    /// The program: searched on PATH where it has no slash.
    var executable: String
    /// The arguments after the program's own name.
    var arguments: [String]
    /// Added to this process's environment, or put in place of what it has.
    var environment: [String: String] = [:]
}

/// A running child: the leader of its own process group.
///
/// Its number is nobody else's until it is reaped; where its owner lets it go before that, it is killed.
final class ChildProcess: Sendable {
    /// Readable once the process has ended (pidfd_open(2)).
    let end: FileDescriptor
    private let pid: pid_t
    private let isReaped = Atomic(false)

    /// Starts a process with these descriptors as its standard ones and no others; blocks until it runs or cannot.
    /// - Throws: TransportError, processFailed.
    init(
        _ plan: ChildProcessPlan,
        standardInput: FileDescriptor,
        standardOutput: FileDescriptor,
        standardError: FileDescriptor?
    ) throws(TransportError) {
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
            throw TransportError(
                .processFailed,
                phase: .subsystem,
                "cannot start \(plan.executable): \(error.reason)."
            )
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
    func signalGroup(_ signal: Int32) {
        kill(-pid, signal)
    }

    /// How the process ended, which frees its number. Called once, after `end` became readable.
    func reap() -> ExitStatus {
        isReaped.store(true, ordering: .relaxed)
        LivingProcesses.remove(pid)
        return switch waitForEnd(of: pid) {
        case .exited(let code)?: .code(code)
        case .killed(let signal)?: .signal(signalName(signal))
        case nil: .unknown
        }
    }
}

/// The name without "SIG", as SSH's exit-signal has it (RFC 4254, 6.10).
private func signalName(_ number: Int32) -> String {
    let names: [Int32: String] = [
        SIGABRT: "ABRT", SIGALRM: "ALRM", SIGBUS: "BUS", SIGFPE: "FPE", SIGHUP: "HUP", SIGILL: "ILL", SIGINT: "INT",
        SIGKILL: "KILL", SIGPIPE: "PIPE", SIGQUIT: "QUIT", SIGSEGV: "SEGV", SIGTERM: "TERM", SIGUSR1: "USR1",
        SIGUSR2: "USR2",
    ]
    return names[number] ?? "\(number)"
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
