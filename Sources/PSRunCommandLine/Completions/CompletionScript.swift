/// Completion scripts, from the table.
package enum CompletionScript {
    package static func script(for shell: CompletionsInvocation.Shell) -> String {
        switch shell {
        case .bash: bash()
        case .zsh: zsh()
        case .fish: fish()
        case .powershell: powerShell()
        }
    }

    /// The verbs that must be named: all but run, which is meant when none is.
    static var namedVerbs: [String] { VerbDefinition.all.map(\.verb.rawValue).filter { $0 != Verb.run.rawValue } }

    /// `text` as one word of a POSIX shell, within single quotes.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

extension VerbDefinition {
    /// Two operands of which the second is offered behind one word of the first's alone; nil for other verbs.
    var operandsByPlace: (first: Operand, second: Operand, behind: String)? {
        guard let operand, let more, more.completion == .sessions else { return nil }
        return (operand, more, SessionInvocation.Action.close.rawValue)
    }

    /// What is offered where an operand may stand: of several kinds the one that can be offered.
    var offeredOperand: Operand? {
        if let more, operand?.completion == .nothing { return more }
        return operand
    }
}
