import CLinux
import Glibc

/// What keeps this process's memory to itself.
enum ProcessSecrecy {
    /// The signals of a crash. Swift's runtime, where it finds its backtracer, answers them with a report on standard error
    /// that shows memory.
    private static let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

    /// No core file, no debugger, no look into /proc, no report of a crash but what the runtime says of its cause.
    static func begin() {
        _ = psrun_make_undumpable()
        for number in crashes { signal(number, SIG_DFL) }
    }

    /// No core file even where something makes this process dumpable again. What it starts inherits that limit, and may
    /// raise it.
    static func forbidCoreFiles() {
        _ = psrun_forbid_core_files()
    }
}
