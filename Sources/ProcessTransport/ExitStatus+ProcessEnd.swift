import Connections
import Glibc
import Processes

extension ExitStatus {
    /// - Parameter end: nil where the system did not tell.
    init(_ end: ProcessEnd?) {
        self =
            switch end {
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
