/// One target to be reached over SSH, as the command line or an inventory names it.
package struct SSHTarget: Sendable, Hashable {
    /// How messages name it: what the user wrote.
    package var displayName: String
    /// A name or an address, without brackets; an IPv6 zone stays (`fe80::1%eth0`).
    package var host: String
    /// Nil: ssh_config's, else 22.
    package var port: UInt16?
    /// Nil: ssh_config's, else this process's user.
    package var user: String?

    package init(displayName: String? = nil, host: String, port: UInt16? = nil, user: String? = nil) {
        self.displayName = displayName ?? host
        self.host = host
        self.port = port
        self.user = user
    }
}

/// What is done with a host key that no known_hosts file knows. A changed or revoked one is always refused.
package enum HostKeyCheck: String, Sendable, Hashable {
    /// Refused, unless a person at a terminal takes it.
    case yes
    /// Taken, and added to the first known_hosts file.
    case acceptNew = "accept-new"
    /// Taken.
    case no
}

/// How the targets of a run are reached over SSH.
package struct SSHOptions: Sendable {
    /// `-KeyFilePath`: the one key to log in with, tried first and at once.
    package var keyFile: String?
    package var subsystem: String
    /// `-Options KEY=VALUE`: ssh_config keywords that go before the files'.
    package var options: [String]
    /// `--ssh-config`: instead of ~/.ssh/config and /etc/ssh/ssh_config; "none" for no file at all.
    package var configurationFile: String?
    /// `--host-key-check`; nil: ssh_config's StrictHostKeyChecking, else yes.
    package var hostKeyCheck: HostKeyCheck?
    /// `-J [user@]host[:port],…`; nil: ssh_config's ProxyJump.
    package var jumpHosts: String?
    package var credentials: CredentialSource
    /// Asks the person at the terminal whether an unknown host key is the right one; nil where there is none.
    package var askAboutHostKey: (@Sendable (UnknownHostKey) async -> Bool)?
    /// How long persons have been asked things so far: deadlines stand still meanwhile.
    package var timeAsked: @Sendable () -> Duration = { .zero }

    package init(
        keyFile: String? = nil,
        subsystem: String = "powershell",
        options: [String] = [],
        configurationFile: String? = nil,
        hostKeyCheck: HostKeyCheck? = nil,
        jumpHosts: String? = nil,
        credentials: CredentialSource = CredentialSource(),
        askAboutHostKey: (@Sendable (UnknownHostKey) async -> Bool)? = nil
    ) {
        self.keyFile = keyFile
        self.subsystem = subsystem
        self.options = options
        self.configurationFile = configurationFile
        self.hostKeyCheck = hostKeyCheck
        self.jumpHosts = jumpHosts
        self.credentials = credentials
        self.askAboutHostKey = askAboutHostKey
    }
}

/// A host key to be asked about.
package struct UnknownHostKey: Sendable, Hashable {
    package let target: String
    /// As known_hosts would name it: `host`, or `[host]:port`.
    package let host: String
    /// As `ssh-ed25519`.
    package let algorithm: String
    /// As `SHA256:…`.
    package let fingerprint: String
}
