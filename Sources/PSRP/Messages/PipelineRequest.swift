package import CLIXML

/// A command of a pipeline: a script, or a command's name with its arguments.
package struct PipelineCommand: Sendable, Hashable {
    /// An argument: a parameter's name (the dash included where the real client sends it), a value, or both.
    package struct Argument: Sendable, Hashable {
        package var name: String?
        package var value: PSValue

        package init(name: String? = nil, value: PSValue) {
            self.name = name
            self.value = value
        }
    }

    /// The script's text, or the command's name.
    package var text: PSString
    package var isScript: Bool
    package var useLocalScope: Bool?
    package var arguments: [Argument]
    /// Whether errors of this command go to its output (MergeMyResult Error, MergeToResult Output, MergeError Output).
    package var mergesErrors: Bool
    /// MergePreviousResults: bits of PipelineResultTypes.
    package var mergePreviousResults: Int32

    package init(
        _ text: PSString,
        isScript: Bool,
        useLocalScope: Bool? = nil,
        arguments: [Argument] = [],
        mergesErrors: Bool = false,
        mergePreviousResults: Int32 = 0
    ) {
        self.text = text
        self.isScript = isScript
        self.useLocalScope = useLocalScope
        self.arguments = arguments
        self.mergesErrors = mergesErrors
        self.mergePreviousResults = mergePreviousResults
    }
}

/// A pipeline to create: what CREATE_PIPELINE says (MS-PSRP 2.2.2.10).
package struct PipelineRequest: Sendable, Hashable {
    /// The statements, each a sequence of commands; more than one travel as ExtraCmds.
    package var statements: [[PipelineCommand]]
    package var history: PSString?
    package var addToHistory: Bool
    /// Whether no PIPELINE_INPUT will follow.
    package var noInput: Bool
    package var redirectShellErrorOutputPipe: Bool
    package var isNested: Bool

    package init(
        statements: [[PipelineCommand]],
        history: PSString? = nil,
        addToHistory: Bool = false,
        noInput: Bool = true,
        redirectShellErrorOutputPipe: Bool = false,
        isNested: Bool = false
    ) {
        self.statements = statements
        self.history = history
        self.addToHistory = addToHistory
        self.noInput = noInput
        self.redirectShellErrorOutputPipe = redirectShellErrorOutputPipe
        self.isNested = isNested
    }

    /// A playbook's line or block: one script, followed by Out-Default, kept in the far side's history.
    package static func line(_ text: PSString) -> PipelineRequest {
        PipelineRequest(
            statements: [
                [
                    PipelineCommand(text, isScript: true, mergesErrors: true),
                    PipelineCommand("Out-Default", isScript: false, useLocalScope: true),
                ]
            ],
            history: text,
            addToHistory: true
        )
    }

    /// A script that the playbook cannot notice: no Out-Default, no history, so that `$?` is restored behind it.
    package static func probe(_ script: PSString) -> PipelineRequest {
        PipelineRequest(statements: [[PipelineCommand(script, isScript: true)]], history: script)
    }

    /// What asks for `$?`, `$LASTEXITCODE` and the prompt by commands alone, also in sessions that may not call methods
    /// (server/probe). psrun's endpoint and the broker of kept sessions know it by its very text.
    package static let stateScript: PSString =
        "$?; [string](Get-Variable LASTEXITCODE -ValueOnly -Scope Global -ErrorAction Ignore); prompt"

    /// A script that the playbook cannot notice either, in a scope of its own, with one argument and no history.
    package static func question(_ script: PSString, about argument: PSString) -> PipelineRequest {
        let argument = PipelineCommand.Argument(value: .string(argument))
        return PipelineRequest(
            statements: [[PipelineCommand(script, isScript: true, useLocalScope: true, arguments: [argument])]],
            history: ""
        )
    }

    /// The prompt function, as a command of its own.
    package static let prompt = PipelineRequest(
        statements: [[PipelineCommand("prompt", isScript: false)]],
        history: "prompt"
    )

    /// Out-Default with its input to come: has the far side render what ended a pipeline (client/errors).
    package static let rendering = PipelineRequest(
        statements: [[PipelineCommand("Out-Default", isScript: false, useLocalScope: true)]],
        noInput: false
    )
}

/// What GET_COMMAND_METADATA asks.
package struct CommandMetadataRequest: Sendable, Hashable {
    package var names: [String]
    /// Bits of CommandTypes; 271 is what the real client asks: Alias, Function, Filter, Cmdlet, Configuration.
    package var commandTypes: Int32

    package init(names: [String], commandTypes: Int32 = 271) {
        self.names = names
        self.commandTypes = commandTypes
    }
}
