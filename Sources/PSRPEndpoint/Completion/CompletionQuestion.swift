import CLIXML
package import PSRP

/// What TabExpansion2 is asked (client/enter-tab).
package struct CompletionQuestion: Sendable, Hashable {
    package var line: String
    /// In UTF-16 units.
    package var cursor: Int

    package init(line: String, cursor: Int) {
        self.line = line
        self.cursor = cursor
    }

    /// The line is the first string of the arguments and the cursor the first number, with names or without; without a
    /// number the cursor stands at the end.
    package init(_ command: PipelineCommand) {
        let values = command.arguments.map(\.value)
        line = values.lazy.compactMap(\.text).first { !$0.hasPrefix("-") } ?? ""
        cursor = values.lazy.compactMap(\.int32Value).first.map(Int.init) ?? line.utf16.count
    }
}
