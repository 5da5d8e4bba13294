/// `psrun processes`: which running PowerShells can be entered.
package struct ProcessesInvocation: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json
    }

    package var format = Format.text

    package init() {}
}
