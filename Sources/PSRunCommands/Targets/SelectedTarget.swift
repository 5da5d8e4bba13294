import Fleet
import RecordingFormat

/// A target that was selected, with what its source says of it.
struct SelectedTarget: Sendable {
    let target: RunTarget
    /// What is connected to.
    let address: String
    var port: Int?
    var user: String?
    var groups: [String] = []
    /// An inventory's, sorted by name; what holds a secret by its name is masked.
    var variables: [JSONMember] = []

    var json: JSONValue {
        .record([
            .name: .string(target.name),
            .address: .string(address),
            .port: port.map { .integer(Int64($0)) } ?? .null,
            .user: user.map { .string($0) } ?? .null,
            .groups: .array(groups.map { .string($0) }),
            .variables: .object(variables),
        ])
    }
}

/// Which variables of an inventory hold a secret, by their names.
enum SecretVariables {
    static let mask = "********"

    static func contains(_ name: String) -> Bool {
        let name = name.lowercased()
        guard !name.hasSuffix("_file") else { return false }
        return ["pass", "secret", "token", "private_key", "api_key"].contains { name.contains($0) }
    }
}
