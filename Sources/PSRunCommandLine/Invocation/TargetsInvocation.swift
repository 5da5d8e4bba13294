/// `psrun targets`: what a selection of hosts means.
package struct TargetsInvocation: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json
    }

    package var hosts: HostSelection
    package var choices: SSHChoices
    package var format = Format.text
}
