package import Connections

/// How the targets of a run are reached over SSH.
package struct SSHOptions: Sendable {
    /// `-KeyFilePath`: the one key to log in with, tried first and at once.
    package var keyFile: String?
    /// What speaks PSRP on the far side.
    package var service: SSHService
    /// `--shell`: no service speaks PSRP there; a shell of the far side is driven from here.
    package var drivesShell = false
    /// Whether the same is done where nobody asked for it, and the server has neither that subsystem nor PowerShell.
    package var mayDriveShell = false
    /// `-Options KEY=VALUE`: ssh_config keywords that go before the files'.
    package var options: [String]
    /// `--ssh-config`: instead of ~/.ssh/config and /etc/ssh/ssh_config; "none" for no file at all.
    package var configurationFile: String?
    /// `--host-key-check`; nil: ssh_config's StrictHostKeyChecking, else yes.
    package var hostKeyCheck: HostKeyCheck?
    /// `-J [user@]host[:port],…`; nil: ssh_config's ProxyJump.
    package var jumpHosts: String?
    package var credentials: CredentialSource
    /// Completes a jump host, as a list names it, with what is configured for that host.
    package var completeJumpHost: @Sendable (SSHTarget) -> SSHTarget = { $0 }
    /// Asks the person at the terminal whether an unknown host key is the right one; nil where there is none.
    package var askAboutHostKey: (@Sendable (UnknownHostKey) async -> Bool)?
    /// What ConnectTimeout of ssh_config goes by: it stands still while a person is being asked.
    package var clock = RunClock()

    package init(
        keyFile: String? = nil,
        service: SSHService = .subsystem("powershell"),
        options: [String] = [],
        configurationFile: String? = nil,
        hostKeyCheck: HostKeyCheck? = nil,
        jumpHosts: String? = nil,
        credentials: CredentialSource = .none,
        askAboutHostKey: (@Sendable (UnknownHostKey) async -> Bool)? = nil
    ) {
        self.keyFile = keyFile
        self.service = service
        self.options = options
        self.configurationFile = configurationFile
        self.hostKeyCheck = hostKeyCheck
        self.jumpHosts = jumpHosts
        self.credentials = credentials
        self.askAboutHostKey = askAboutHostKey
    }
}

/// What one host has in place of `SSHOptions`: all of it, whatever the others have.
package struct SSHHostOptions: Sendable, Hashable {
    package var keyFile: String?
    package var service: SSHService
    package var drivesShell: Bool
    package var mayDriveShell: Bool
    package var options: [String]
    package var hostKeyCheck: HostKeyCheck?
    package var jumpHosts: String?

    /// What all hosts have.
    package init(_ options: SSHOptions) {
        keyFile = options.keyFile
        service = options.service
        drivesShell = options.drivesShell
        mayDriveShell = options.mayDriveShell
        self.options = options.options
        hostKeyCheck = options.hostKeyCheck
        jumpHosts = options.jumpHosts
    }
}

extension SSHOptions {
    /// The same for one target.
    package func applied(to target: SSHTarget) -> SSHOptions {
        var options = self
        if let own = target.own {
            options.keyFile = own.keyFile
            options.service = own.service
            options.drivesShell = own.drivesShell
            options.mayDriveShell = own.mayDriveShell
            options.options = own.options
            options.hostKeyCheck = own.hostKeyCheck
            options.jumpHosts = own.jumpHosts
        }
        options.keyFile = target.keyFile ?? options.keyFile
        return options
    }
}
