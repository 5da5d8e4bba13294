/// Which container is entered, and how.
package struct ContainerPlace: Sendable, Hashable {
    /// A whole id or a name, as it was given.
    package let container: String
    /// nil where it is found out.
    package let engine: ContainerEngine.Kind?
    /// Who the session runs as; nil for the container's own user.
    package let user: String?
    /// PowerShell's session configuration; nil for its default.
    package let configurationName: String?

    package init(
        _ container: String,
        engine: ContainerEngine.Kind? = nil,
        user: String? = nil,
        configurationName: String? = nil
    ) {
        self.container = container
        self.engine = engine
        self.user = user
        self.configurationName = configurationName
    }

    /// Who may do everything in a container: what -RunAsAdministrator asks for.
    package static let administrator = "0"

    /// What results, messages and recordings call it.
    package var label: String { "container:\(container)" }

    /// Why a container cannot have that name; nil where it can. What begins with a dash would be an engine's option.
    package static func objection(to name: String) -> String? {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isName, let first = name.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "."),
            name.utf8.count <= longestName
        else { return "it is neither a container's id nor its name: those have letters, digits, '_', '.' and '-'." }
        return nil
    }

    /// In bytes: more than any engine gives.
    private static let longestName = 512

    /// Whether a user's name, or `USER:GROUP`, can be handed to an engine.
    package static func isSafe(user: String) -> Bool {
        !user.isEmpty && !user.hasPrefix("-") && user.utf8.count <= longestName
            && user.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != " " }
    }
}
