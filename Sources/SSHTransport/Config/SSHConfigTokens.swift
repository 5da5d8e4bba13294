import CCrypto
import Connections
import Files

/// The %-tokens, `~` and `${NAME}` of ssh_config, for one host.
struct SSHConfigTokens {
    private let facts: SSHEnvironment.Facts
    private let tokens: [Character: String]
    /// What `%C` stands for, before it is hashed.
    private let connection: String

    /// - Parameters:
    ///   - original: the host as the user named it.
    ///   - alias: HostKeyAlias, where there is one.
    ///   - jump: ProxyJump, where there is one.
    init(
        facts: SSHEnvironment.Facts,
        original: String,
        hostName: String,
        port: UInt16,
        user: String,
        alias: String? = nil,
        jump: String? = nil
    ) {
        self.facts = facts
        let shortName = facts.hostName.prefix { $0 != "." }
        tokens = [
            "d": facts.home, "h": hostName, "i": String(facts.userID), "j": jump ?? "", "k": alias ?? original,
            "L": String(shortName), "l": facts.hostName, "n": original, "p": String(port), "r": user, "u": facts.user,
        ]
        connection = "\(facts.hostName)\(hostName)\(port)\(user)"
    }

    /// A command's tokens; `~` and `$` are the shell's.
    func expand(command: String) -> String { replacing(command) }

    /// A path, as IdentityFile and others have it.
    /// - Throws: TransportError, configuration: an account or a variable that is not there.
    func expand(_ text: String, place: String) throws(TransportError) -> String {
        let home: String
        do throws(HomeFolders.Missing) {
            home = try HomeFolders.expandTilde(text, home: facts.home)
        } catch {
            throw .unexpandable(text, place, "there is no user \(error.user)")
        }
        return replacing(try replacingVariables(home, of: text, place: place))
    }

    /// Expanded paths; "none" names no file.
    /// - Parameter place: where they stand, for a message.
    /// - Throws: TransportError, configuration.
    func files(_ paths: [String], place: String) throws(TransportError) -> [String] {
        var files: [String] = []
        for path in paths where path.lowercased() != "none" {
            files.append(try expand(path, place: place).absolute(in: facts.currentFolder))
        }
        return files
    }

    /// - Throws: TransportError, configuration.
    func agentSocket(_ value: String?, place: String) throws(TransportError) -> String? {
        switch value {
        case nil, "SSH_AUTH_SOCK"?: return facts.agentSocket
        case "none"?: return nil
        case let name? where name.hasPrefix("$") && !name.hasPrefix("${"):
            return facts.environmentValue(String(name.dropFirst()))
        case let path?: return try expand(path, place: place)
        }
    }

    private func replacing(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var tokens = tokens
        if text.contains("%C") { tokens["C"] = connectionHash }
        return text.replacingTokens(tokens)
    }

    /// `${NAME}` in place of which the variable stands (misc.c, vdollar_percent_expand).
    private func replacingVariables(_ text: String, of whole: String, place: String) throws(TransportError) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.range(ofOpening: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            let name = String(rest[start.upperBound..<end])
            guard let value = facts.environment[name] else {
                throw .unexpandable(whole, place, "the environment has no variable \(name)")
            }
            result += rest[..<start.lowerBound] + value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
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

extension Substring {
    /// Where two characters stand first, one behind the other.
    fileprivate func range(ofOpening opening: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(opening) { return index..<self.index(index, offsetBy: opening.count) }
            index = self.index(after: index)
        }
        return nil
    }
}

extension TransportError {
    fileprivate static func unexpandable(_ text: String, _ place: String, _ reason: String) -> TransportError {
        TransportError(
            .configuration,
            phase: .resolve,
            "\(place): \(text) cannot be expanded: \(reason). Correct it, or set what it names."
        )
    }
}
