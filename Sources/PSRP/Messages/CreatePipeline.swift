package import CLIXML

/// CREATE_PIPELINE (MS-PSRP 2.2.2.10), written slim, with bare numbers for enums, as real servers take it
/// (server/minimal); read as the real client, psrpcore and this module write it.
extension PipelineRequest {
    /// The message's body.
    package var value: PSValue {
        .properties([
            ("NoInput", .bool(noInput)),
            ("ApartmentState", .int32(2)),
            ("RemoteStreamOptions", .int32(0)),
            ("AddToHistory", .bool(addToHistory)),
            ("HostInfo", InitRunspacePool.inheritedHostInfo),
            ("PowerShell", powerShell),
            ("IsNested", .bool(isNested)),
        ])
    }

    /// A client's first commands stand apart, and once more among its statements where there are several.
    private var powerShell: PSValue {
        let sequences = statements.map { PSValue.plainList($0.map(\.value)) }
        let extra = sequences.count > 1 ? PSValue.plainList(sequences.map { .properties([("Cmds", $0)]) }) : .null
        return .properties([
            ("IsNested", .bool(isNested)),
            ("ExtraCmds", extra),
            ("Cmds", sequences.first ?? .plainList([])),
            ("History", history.map(PSValue.string) ?? .null),
            ("RedirectShellErrorOutputPipe", .bool(redirectShellErrorOutputPipe)),
        ])
    }

    /// - Throws: `.malformedBody`
    package init(value: PSValue) throws(PSRPError) {
        let shell = try value.required("PowerShell")
        var statements: [[PipelineCommand]] = []
        if let extra = shell["ExtraCmds"]?.elements, !extra.isEmpty {
            for sequence in extra { statements.append(try Self.commands(of: sequence)) }
        } else {
            statements = [try Self.commands(of: shell)]
        }
        guard !statements.contains(where: \.isEmpty) else {
            throw PSRPError(.malformedBody, "A pipeline without commands was asked for.")
        }
        self.init(
            statements: statements,
            history: shell["History"]?.stringValue,
            addToHistory: value["AddToHistory"]?.boolValue ?? false,
            noInput: value["NoInput"]?.boolValue ?? true,
            redirectShellErrorOutputPipe: shell["RedirectShellErrorOutputPipe"]?.boolValue ?? true,
            isNested: (value["IsNested"] ?? shell["IsNested"])?.boolValue ?? false
        )
    }

    private static func commands(of sequence: PSValue) throws(PSRPError) -> [PipelineCommand] {
        var commands: [PipelineCommand] = []
        for command in try sequence.requiredElements("Cmds") { commands.append(try PipelineCommand(value: command)) }
        return commands
    }
}

extension PipelineCommand {
    /// PipelineResultTypes
    private static let output: Int32 = 1
    private static let error: Int32 = 2

    fileprivate var value: PSValue {
        .properties([
            ("Cmd", .string(text)),
            ("IsScript", .bool(isScript)),
            ("UseLocalScope", useLocalScope.map(PSValue.bool) ?? .null),
            ("MergeMyResult", .int32(mergesErrors ? Self.error : 0)),
            ("MergeToResult", .int32(mergesErrors ? Self.output : 0)),
            ("MergePreviousResults", .int32(mergePreviousResults)),
            ("MergeError", .int32(mergesErrors ? Self.output : 0)),
            ("MergeWarning", .int32(0)),
            ("MergeVerbose", .int32(0)),
            ("MergeDebug", .int32(0)),
            ("MergeInformation", .int32(0)),
            ("Args", .plainList(arguments.map(\.pair))),
        ])
    }

    fileprivate init(value: PSValue) throws(PSRPError) {
        func merge(_ name: String) -> Int32 { value[name]?.int32Value ?? 0 }
        let mergesOld = merge("MergeMyResult") == Self.error && merge("MergeToResult") == Self.output
        self.init(
            try value.requiredString("Cmd"),
            isScript: value["IsScript"]?.boolValue ?? false,
            useLocalScope: value["UseLocalScope"]?.boolValue,
            arguments: (value["Args"]?.elements ?? []).map(Argument.init(pair:)),
            mergesErrors: mergesOld || merge("MergeError") == Self.output,
            mergePreviousResults: merge("MergePreviousResults")
        )
    }
}

extension PipelineCommand.Argument {
    fileprivate var pair: PSValue {
        .properties([("N", name.map { .string($0) } ?? .null), ("V", value)])
    }

    fileprivate init(pair: PSValue) {
        self.init(name: pair["N"]?.text, value: pair["V"] ?? .null)
    }
}
