package import CLIXML
package import PSRP

/// The commands that a client which enters asks for: what GET_COMMAND_METADATA brings (client/basic).
package enum CommandCatalog {
    /// The Count object, and then each command that is asked for by name, or by a pattern, and is there.
    /// - Returns: nil for a client that wants others as well, or whatever there is: it imports them (Import-PSSession),
    ///   and would take these two for all of them.
    package static func answer(_ request: CommandMetadataRequest) -> [PSValue]? {
        let isImport = request.names.contains { name in
            name == "*" || !commands.contains { matches($0.name, pattern: name) }
        }
        guard !isImport else { return nil }
        let cmdletBit: Int32 = 8
        let found =
            request.commandTypes & cmdletBit == 0
            ? []
            : commands.filter { command in
                request.names.isEmpty || request.names.contains { matches(command.name, pattern: $0) }
            }
        let count = PSObject(
            typeNames: selected("Microsoft.PowerShell.Commands.GenericMeasureInfo"),
            extended: [PSProperty("Count", .int32(Int32(found.count)))]
        )
        return [.object(count)] + found.map { metadata($0.name, $0.parameters) }
    }

    private static let commands: [(name: String, parameters: [Parameter])] = [
        ("Exit-PSSession", []),
        (
            "Out-Default",
            [
                Parameter(name: "Transcript", type: "SwitchParameter", isSwitch: true),
                Parameter(name: "InputObject", type: "PSObject", isSwitch: false),
            ]
        ),
    ]

    private struct Parameter {
        let name: String
        let type: String
        let isSwitch: Bool
    }

    private static func metadata(_ name: String, _ parameters: [Parameter]) -> PSValue {
        .object(
            PSObject(
                typeNames: selected("System.Management.Automation.CmdletInfo"),
                extended: [
                    PSProperty("Name", .string(name)),
                    PSProperty("Namespace", .string("Microsoft.PowerShell.Core")),
                    PSProperty("HelpUri", .string("")),
                    PSProperty("CommandType", .enumeration("System.Management.Automation.CommandTypes", "Cmdlet", 8)),
                    PSProperty("ResolvedCommandName", .null),
                    PSProperty("OutputType", .list([])),
                    PSProperty("Parameters", .dictionary(parameters.map { (.string($0.name), value($0)) })),
                ]
            )
        )
    }

    private static func value(_ parameter: Parameter) -> PSValue {
        let type = "System.Management.Automation.ParameterMetadata"
        return .object(
            PSObject(
                typeNames: [type, "System.Object"],
                toString: PSString(type),
                adapted: [
                    PSProperty("Name", .string(parameter.name)),
                    PSProperty("ParameterType", .string("System.Management.Automation.\(parameter.type)")),
                    PSProperty("Aliases", .list([])),
                    PSProperty("IsDynamic", .bool(false)),
                    PSProperty("SwitchParameter", .bool(parameter.isSwitch)),
                ]
            )
        )
    }

    private static func selected(_ type: String) -> [String] {
        ["Selected.\(type)", "System.Management.Automation.PSCustomObject", "System.Object"]
    }

    /// A wildcard pattern's `*` and `?`, letter case aside.
    static func matches(_ name: String, pattern: String) -> Bool {
        matches(Array(name.lowercased().unicodeScalars)[...], Array(pattern.lowercased().unicodeScalars)[...])
    }

    private static func matches(_ name: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return matches(name, pattern.dropFirst()) || !name.isEmpty && matches(name.dropFirst(), pattern)
        }
        guard let letter = name.first, first == "?" || first == letter else { return false }
        return matches(name.dropFirst(), pattern.dropFirst())
    }
}
