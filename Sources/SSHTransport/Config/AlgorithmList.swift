/// Algorithm lists of ssh_config: a list of one's own, or `+`, `-` and `^` on the default one.
struct AlgorithmList: Sendable {
    /// As a message names it.
    let keyword: String
    /// What libssh 0.10.6 offers, in its order.
    let defaults: [String]
    /// What it would do as well where it is asked to.
    let others: [String]

    static let kex = AlgorithmList(
        keyword: "KexAlgorithms",
        defaults: [
            "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
            "ecdh-sha2-nistp521", "diffie-hellman-group18-sha512", "diffie-hellman-group16-sha512",
            "diffie-hellman-group-exchange-sha256", "diffie-hellman-group14-sha256",
        ],
        others: [
            "diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1",
        ]
    )
    static let ciphers = AlgorithmList(
        keyword: "Ciphers",
        defaults: [
            "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr",
            "aes192-ctr", "aes128-ctr",
        ],
        others: ["aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"]
    )
    static let macs = AlgorithmList(
        keyword: "MACs",
        defaults: [
            "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
        ],
        others: ["hmac-sha1-etm@openssh.com", "hmac-sha1"]
    )
    static let hostKeys = AlgorithmList(
        keyword: "HostKeyAlgorithms",
        defaults: SSHSettings.supportedHostKeyAlgorithms,
        others: ["ssh-rsa"]
    )
    static let publicKeys = AlgorithmList(
        keyword: "PubkeyAcceptedAlgorithms",
        defaults: [
            "ssh-ed25519-cert-v01@openssh.com", "ecdsa-sha2-nistp521-cert-v01@openssh.com",
            "ecdsa-sha2-nistp384-cert-v01@openssh.com", "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com",
            "rsa-sha2-512-cert-v01@openssh.com", "rsa-sha2-256-cert-v01@openssh.com",
        ] + SSHSettings.supportedHostKeyAlgorithms,
        others: ["ssh-rsa-cert-v01@openssh.com", "ssh-rsa"]
    )

    /// What of a list can be asked for.
    /// - Returns: empty where there is nothing of it that libssh knows.
    func usable(_ text: String) -> [String] {
        let known = defaults + others
        return Self.apply(text, to: defaults, outOf: known).filter(known.contains)
    }

    /// - Parameter known: what a pattern behind `+` and `^` stands for.
    static func apply(_ text: String, to defaults: [String], outOf known: [String] = []) -> [String] {
        let names = text.drop { "+-^".contains($0) }.split(separator: ",").map(String.init)
        let patterns = names.map { HostPattern($0) }
        var named: [String] = []
        for (name, pattern) in zip(names, patterns) {
            named += name.contains { "*?".contains($0) } ? known.filter(pattern.fits) : [name]
        }
        switch text.first {
        case "+": return defaults + named.filter { !defaults.contains($0) }
        case "-": return defaults.filter { name in !patterns.contains { $0.fits(name) } }
        case "^": return named + defaults.filter { !named.contains($0) }
        default: return names
        }
    }
}
