import CLinux
import Glibc
import PSRP
import Synchronization
import SystemErrors

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
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, standardInput.raw, 0)
        posix_spawn_file_actions_adddup2(&actions, standardOutput.raw, 1)
        if let standardError { posix_spawn_file_actions_adddup2(&actions, standardError.raw, 2) }
        _ = posix_spawn_file_actions_addclosefrom_np(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.setCleanStart(&attributes)

        var pid: pid_t = 0
        let failure = withArgumentVector([plan.executable] + plan.arguments) { arguments in
            withArgumentVector(environment(adding: plan.environment)) { environment in
                posix_spawnp(&pid, plan.executable, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            throw TransportError(
                .processFailed,
                phase: .subsystem,
                "cannot start \(plan.executable): \(describe(errno: failure))."
            )
        }
        let descriptor = psrun_pidfd_open(pid)
        guard descriptor >= 0 else {
            let code = errno
            kill(-pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw .noDescriptor(code)
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
        var status: Int32 = 0
        var result = waitpid(pid, &status, 0)
        while result < 0 && errno == EINTR { result = waitpid(pid, &status, 0) }
        guard result == pid else { return .unknown }
        let signal = status & 0x7f
        return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signalName(signal))
    }

    /// Default dispositions, no signal blocked, a process group of its own.
    private static func setCleanStart(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
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

/// A null-terminated vector of C strings, for the time of one call.
private func withArgumentVector<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { vector[index] = strdup(string) }
    vector[strings.count] = nil
    defer {
        for index in strings.indices { free(vector[index]) }
        vector.deallocate()
    }
    return body(vector)
}
