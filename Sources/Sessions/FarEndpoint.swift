/// What speaks PSRP at a session's far end, as far as advice goes by it.
package enum FarEndpoint: Sendable, Hashable {
    /// A subsystem of an SSH server.
    case subsystem
    /// The command of --exec.
    case command
    /// A service that answers requests, whose errors say by themselves what to do.
    case service
    /// Whatever is on this computer, in a container or in a virtual machine.
    case other
    /// A session that psrun's broker keeps.
    case kept

    /// In a sentence.
    private var words: String {
        switch self {
        case .subsystem: "the subsystem's command"
        case .command: "the command of --exec"
        case .service, .other: "what speaks PSRP there"
        case .kept: "the broker of kept sessions"
        }
    }

    /// What to do where it ended before the session was open.
    var adviceOnEnd: String {
        switch self {
        case .subsystem, .command: "On that host, run \(words) by hand to see why it ends."
        case .service: ""
        case .other: "Start \(words) by hand to see why it ends."
        case .kept: "`psrun session list` tells what is open; `psrun session open` opens it anew."
        }
    }

    /// What to do where it wrote something else.
    var adviceOnNoise: String {
        guard self != .service else { return "" }
        return
            "\(words.prefix(1).uppercased() + words.dropFirst()) must write PSRP to its standard output, and nothing else."
    }
}
