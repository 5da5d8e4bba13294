package import Fleet
package import Inventories
package import RecordingFormat
import WinRMParameters
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
    /// An inventory's; nil where it has none that can be read.
    package var password: String?

    /// What results, messages and recordings call it.
    package var name: String { target.name }

    /// What is told of it; secrets are masked.
    package var json: JSONValue {
        .record([
            .name: .string(target.name),
            .address: .string(address),
            .port: port.map { .integer(Int64($0)) } ?? .null,
            .user: user.map { .string($0) } ?? .null,
            .uri: .optional(target.winRM?.url.text),
            .authentication: .optional(target.winRM?.login.name),
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
    /// One over WinRM.
    init(_ target: RunTarget, typed: String) {
        let winRM = target.winRM
        self.init(target: target, typed: typed, address: winRM?.url.host ?? target.name)
        port = (winRM?.url.port).map(Int.init)
        user = winRM?.login.user
    }

    /// One that nobody selected from hosts.
    init(_ target: RunTarget) {
        self.init(target: target, typed: target.name, address: target.name)
    }
}
