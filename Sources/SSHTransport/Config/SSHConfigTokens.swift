import CCrypto

/// The %-tokens and `~` of ssh_config, for one host.
struct SSHConfigTokens {
    private let facts: SSHEnvironment.Facts
    private let tokens: [Character: String]
    /// What `%C` stands for, before it is hashed.
    private let connection: String

    init(facts: SSHEnvironment.Facts, original: String, hostName: String, port: UInt16, user: String) {
        self.facts = facts
        let shortName = facts.hostName.prefix { $0 != "." }
        tokens = [
            "d": facts.home, "h": hostName, "i": String(facts.userID), "j": "", "k": hostName,
            "L": String(shortName), "l": facts.hostName, "n": original, "p": String(port), "r": user, "u": facts.user,
        ]
        connection = "\(facts.hostName)\(hostName)\(port)\(user)"
    }

    func expand(_ text: String, isCommand: Bool = false) -> String {
        let home = !isCommand && (text == "~" || text.hasPrefix("~/")) ? facts.home + text.dropFirst() : text
        guard home.utf8.contains(UInt8(ascii: "%")) else { return home }
        var tokens = tokens
        if home.contains("%C") { tokens["C"] = connectionHash }
        return home.replacingTokens(tokens)
    }

    /// Expanded paths; "none" names no file.
    func files(_ paths: [String]) -> [String] {
        paths.filter { $0.lowercased() != "none" }.map { expand($0).absolute(in: facts.currentFolder) }
    }

    func agentSocket(_ value: String?) -> String? {
        switch value {
        case nil, "SSH_AUTH_SOCK"?: return facts.agentSocket
        case "none"?: return nil
        case let name? where name.hasPrefix("$"):
            return facts.environmentValue(String(name.dropFirst().drop { $0 == "{" }.prefix { $0 != "}" }))
        case let path?: return expand(path)
        }
    }

    /// `%C`: SHA-1 of `%l%h%p%r` in hexadecimal (ssh_config(5), TOKENS).
    private var connectionHash: String {
        let text = Array(connection.utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
        return digest.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
