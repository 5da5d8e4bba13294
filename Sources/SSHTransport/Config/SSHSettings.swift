import Connections

/// How one host is reached, once the options, ssh_config and the defaults were put together.
struct SSHSettings: Sendable, Hashable {
    /// What is connected to: HostName, or the host as it was named.
    var hostName: String
    var port: UInt16 = 22
    var user: String

    // Routing
    var addressFamily = AddressFamily.any
    var bindAddress: String?
    /// As ProxyJump has it; nil where there is none.
    var proxyJump: String?
    var proxyCommand: ProxyCommandLine?

    // Host keys
    var hostKeyAlias: String?
    var hostKeyCheck = HostKeyCheck.yes
    /// Whether a person may be asked about an unknown key (StrictHostKeyChecking is `ask`, or was never set).
    var mayAskAboutHostKey = true
    /// Whether names are hashed when a key is added to a file.
    var hashKnownHosts = false
    var userKnownHostsFiles: [String] = []
    var globalKnownHostsFiles: [String] = []
    var hostKeyAlgorithms: [String] = Self.supportedHostKeyAlgorithms
    /// Whether somebody chose their order, which known hosts do not change then.
    var keepsHostKeyOrder = false

    // Authentication
    var identityFiles: [String] = []
    /// Whether somebody named the identity files: else they are the default ones, which need not exist.
    var hasNamedIdentities = false
    var identitiesOnly = false
    var certificateFiles: [String] = []
    /// The agent's socket; nil where there is none, or none is wanted.
    var agentSocket: String?
    var methods: [AuthenticationMethod] = [.publicKey, .keyboardInteractive, .password]
    /// Whether a person may be asked for passwords and passphrases (BatchMode is not `yes`).
    var mayAskForSecrets = true
    /// As ssh's.
    static let standardPasswordPrompts = 3
    /// How often a person is asked for one password (NumberOfPasswordPrompts).
    var passwordPrompts = SSHSettings.standardPasswordPrompts

    // The connection
    var kexAlgorithms: String?
    var publicKeyAlgorithms: String?
    var ciphers: String?
    var macs: String?
    var compression = false
    /// Between two questions to a silent server; zero for none.
    var aliveInterval = Duration.seconds(15)
    /// Unanswered questions until the connection counts as lost.
    var aliveCountMax = 3
    var connectTimeout: Duration?
    /// What the far process gets into its environment, where the server takes it (SetEnv, SendEnv).
    var variables: [SSHVariable] = []

    enum AuthenticationMethod: String, Sendable, Hashable {
        case publicKey = "publickey"
        case keyboardInteractive = "keyboard-interactive"
        case password
    }

    /// What libssh 0.10.6 proves a server with, in its order.
    static let supportedHostKeyAlgorithms = [
        "ssh-ed25519", "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp256",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", "rsa-sha2-512", "rsa-sha2-256",
    ]

    /// The name by which known_hosts files know the server.
    var knownHostsName: String {
        if let hostKeyAlias { return hostKeyAlias.lowercased() }
        return port == 22 ? hostName.lowercased() : "[\(hostName.lowercased())]:\(port)"
    }
}
