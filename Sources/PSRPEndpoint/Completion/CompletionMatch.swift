package import CLIXML

/// One way to complete a word.
package struct CompletionMatch: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case command = "Command"
        case file = "ProviderItem"
        case folder = "ProviderContainer"
    }

    /// What takes the word's place, quoted for PowerShell's parser.
    package var text: String
    /// What a list of all shows.
    package var name: String
    package var kind: Kind
    /// The whole path.
    package var path: String

    package init(text: String, name: String, kind: Kind, path: String) {
        self.text = text
        self.name = name
        self.kind = kind
        self.path = path
    }
}

extension CompletionPoint {
    /// A CommandCompletion, in the shape that a real server sends (client/enter-tab).
    package func answer(_ matches: [CompletionMatch]) -> PSValue {
        let type = "System.Management.Automation.CommandCompletion"
        return .object(
            PSObject(
                typeNames: [type, "System.Object"],
                toString: PSString(type),
                adapted: [
                    PSProperty("CurrentMatchIndex", .int32(-1)),
                    PSProperty("ReplacementIndex", .int32(Int32(clamping: start))),
                    PSProperty("ReplacementLength", .int32(Int32(clamping: length))),
                    PSProperty("CompletionMatches", Self.list(matches)),
                ]
            )
        )
    }

    private static func list(_ matches: [CompletionMatch]) -> PSValue {
        let element =
            "System.Management.Automation.CompletionResult, System.Management.Automation, Version=7.6.0.500, "
            + "Culture=neutral, PublicKeyToken=31bf3856ad364e35"
        return .object(
            PSObject(
                typeNames: ["System.Collections.ObjectModel.Collection`1[[\(element)]]", "System.Object"],
                base: .list(matches.map(value))
            )
        )
    }

    private static func value(_ match: CompletionMatch) -> PSValue {
        let type = "System.Management.Automation.CompletionResult"
        return .object(
            PSObject(
                typeNames: [type, "System.Object"],
                toString: PSString(type),
                adapted: [
                    PSProperty("CompletionText", .string(PSString(match.text))),
                    PSProperty("ListItemText", .string(PSString(match.name))),
                    PSProperty("ResultType", .string(PSString(match.kind.rawValue))),
                    PSProperty("ToolTip", .string(PSString(match.path))),
                ]
            )
        )
    }
}
