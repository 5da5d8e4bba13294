package import Sharding

/// `psrun targets`: what a selection of hosts means.
package struct TargetsInvocation: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json
    }

    package var hosts: HostSelection
    package var choices: SSHChoices
    /// nil for all of them.
    package var shard: ShardRequest?
    package var format = Format.text
}
