import Fleet
import Inventories
import RecordingFormat
import YAML

/// A target that was selected, with what its source says of it.
struct SelectedTarget: Sendable {
    let target: RunTarget
    /// What is connected to.
    let address: String
    var port: Int?
    var user: String?
    var groups: [String] = []
    /// An inventory's, secrets among them.
    var variables: InventoryVariables = [:]

    /// What is told of it; secrets are masked.
    var json: JSONValue {
        .record([
            .name: .string(target.name),
            .address: .string(address),
            .port: port.map { .integer(Int64($0)) } ?? .null,
            .user: user.map { .string($0) } ?? .null,
            .groups: .array(groups.map { .string($0) }),
            .variables: .object(toldVariables),
        ])
    }

    /// Sorted by name.
    private var toldVariables: [JSONMember] {
        variables.sorted { $0.key < $1.key }.map { name, variable in
            let value = try? JSONValue(parsing: Array(variable.node.json.utf8))
            return SecretVariables.masked(JSONMember(key: name, value: value ?? .null))
        }
    }
}

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
