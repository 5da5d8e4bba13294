import CLinux
import Glibc

/// What keeps this process's memory to itself.
package enum ProcessSecrecy {
    /// The signals of a crash, and Ctrl-\. Swift's runtime, where it finds its backtracer, answers them with a report on
    /// standard error that shows memory, and at a terminal lets who is there look further.
    private static let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT]

    /// No core file, no debugger, no look into /proc, no report of a crash but what the runtime says of its cause.
    package static func begin() {
        _ = psrun_make_undumpable()
        for number in crashes { SignalPipe.release(number) }
    }

    /// No core file even where something makes this process dumpable again. What it starts inherits that limit, and may
    /// raise it.
    package static func forbidCoreFiles() {
        _ = psrun_forbid_core_files()
    }
}
