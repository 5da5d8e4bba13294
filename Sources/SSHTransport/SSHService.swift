import Connections

/// What of an SSH server speaks PSRP (RFC 4254, 6.5).
package enum SSHService: Sendable, Hashable {
    /// A program that its sshd_config has under this name.
    case subsystem(String)
    /// A command line, which the user's login shell there runs.
    case command(String)

    /// As it was asked for.
    var name: String {
        switch self {
        case .subsystem(let name): name
        case .command(let line): line
        }
    }

    /// Why the server may have refused to start it, and what to do.
    func refusal(by target: String) -> TransportError {
        switch self {
        case .subsystem(let name):
            TransportError(
                .subsystemMissing,
                phase: .subsystem,
                "\(target): the server has no subsystem \"\(name)\". Add a line to its sshd_config and reload sshd: "
                    + "`Subsystem \(name) /usr/bin/pwsh -sshs -NoLogo -NoProfile`, or, where there is no PowerShell, "
                    + "`Subsystem \(name) /usr/bin/psrun-endpoint` (of the package psrun-endpoint). Where its sshd_config is not yours, "
                    + "`--exec 'pwsh -sshs -NoLogo -NoProfile'` starts PowerShell without it, and `--shell` drives the "
                    + "host's own shell."
            )
        case .command(let line):
            TransportError(
                .commandRefused,
                phase: .subsystem,
                "\(target): the server does not start the command \"\(line)\" of --exec. Its sshd_config, or the options of "
                    + "the key in authorized_keys, may forbid commands; leave --exec out to use a subsystem."
            )
        }
    }
}
