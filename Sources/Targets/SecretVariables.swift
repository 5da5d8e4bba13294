import RecordingFormat

/// Which variables of an inventory hold a secret, by their names and by how their values look.
enum SecretVariables {
    private static let mask = JSONValue.string("********")
    private static let names = [
        "pass", "pwd", "secret", "token", "credential", "vault", "psk", "api_key", "access_key", "private_key",
        "ssl_key",
    ]

    /// The same without secrets, whatever it is made of.
    static func masked(_ member: JSONMember) -> JSONMember {
        let name = member.key.lowercased()
        let isFile = name.hasSuffix("_file") || name.hasSuffix("_path")
        let isSecret = !isFile && (names.contains { name.contains($0) } || name == "pin" || name.hasSuffix("_pin"))
        return JSONMember(key: member.key, value: isSecret ? mask : masked(member.value))
    }

    private static func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): looksSecret(text) ? mask : value
        case .array(let items): .array(items.map(masked))
        case .object(let members): .object(members.map(masked))
        default: value
        }
    }

    /// Keys, URLs with a password, and commands that hold one.
    private static func looksSecret(_ text: String) -> Bool {
        if text.contains("PRIVATE KEY") { return true }
        let lower = text.lowercased()
        if ["sshpass", "password", "passwd", "secret=", "token="].contains(where: lower.contains) { return true }
        guard let scheme = text.firstRange(of: "://") else { return false }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" }
        return authority.lastIndex(of: "@").map { authority[..<$0].contains(":") } ?? false
    }
}
