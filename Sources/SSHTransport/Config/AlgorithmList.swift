/// Algorithm lists of ssh_config: a list of one's own, or `+`, `-` and `^` on the default one.
enum AlgorithmList {
    // What libssh 0.10.6 offers, in its order.
    static let kex = [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521", "diffie-hellman-group18-sha512", "diffie-hellman-group16-sha512",
        "diffie-hellman-group-exchange-sha256", "diffie-hellman-group14-sha256",
    ]
    static let ciphers = [
        "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr",
        "aes192-ctr", "aes128-ctr",
    ]
    static let macs = [
        "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
    ]

    static func apply(_ text: String, to defaults: [String]) -> [String] {
        let names = text.drop { "+-^".contains($0) }.split(separator: ",").map(String.init)
        switch text.first {
        case "+": return defaults + names.filter { !defaults.contains($0) }
        case "-":
            let patterns = names.map(HostPattern.init)
            return defaults.filter { name in !patterns.contains { $0.fits(name) } }
        case "^": return names + defaults.filter { !names.contains($0) }
        default: return names
        }
    }
}
