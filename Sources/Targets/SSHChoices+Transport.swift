package import PSRunCommandLine
package import SSHTransport

extension SSHChoices {
    /// The same as the way in takes it.
    package var forTransport: SSHOptions {
        var options = SSHOptions(
            keyFile: keyFile,
            service: command.map { .command($0) } ?? .subsystem(subsystem),
            options: options.map { "\($0.keyword)=\($0.value)" },
            configurationFile: configFile,
            hostKeyCheck: hostKeyCheck.map(\.check),
            jumpHosts: jumpHosts.map { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: ",") }
        )
        options.drivesShell = drivesShell
        options.mayDriveShell = command == nil && !isSubsystemNamed
        return options
    }
}

extension SSHChoices.HostKeyCheck {
    fileprivate var check: HostKeyCheck {
        switch self {
        case .yes: .yes
        case .acceptNew: .acceptNew
        case .no: .no
        }
    }
}
