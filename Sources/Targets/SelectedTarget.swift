package import Fleet
package import Inventories
package import RecordingFormat
import YAML

/// A target that was selected, with what its source says of it.
package struct SelectedTarget: Sendable {
    package let target: RunTarget
    /// As it was written, for messages.
    package let typed: String
    /// What is connected to.
    package let address: String
    package var port: Int?
    package var user: String?
    package var groups: [String] = []
    /// What carries a session, which psrun need not have.
    var transport = InventoryTarget.Transport.ssh
    var isOfInventory = false
    /// An inventory's, secrets among them.
    package var variables: InventoryVariables = [:]

    /// What results, messages and recordings call it.
    package var name: String { target.name }

    /// What is told of it; secrets are masked.
    package var json: JSONValue {
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

extension SelectedTarget {
    /// One that nobody selected from hosts.
    init(_ target: RunTarget) {
        self.init(target: target, typed: target.name, address: target.name)
    }
}
