/// Finds the row that a spelling means.
package struct OptionLookup: Sendable {
    package enum Match: Sendable {
        case option(CommandOption)
        /// The names of the parameters that a prefix fits, without their dashes.
        case ambiguous([String])
        case none
    }

    package let options: [CommandOption]

    package init(_ options: [CommandOption]) {
        self.options = options
    }

    /// The row of `--long`, in exactly that spelling.
    package func long(_ name: String) -> CommandOption? {
        options.first { $0.long == name }
    }

    /// The row of `-s`.
    package func short(_ letter: Character) -> CommandOption? {
        options.first { $0.short == letter }
    }

    /// The row of `-Name` as PowerShell finds it, in any letter case: a whole name or alias; else the one parameter
    /// with a name or alias that begins so; among several, the one that is not a common parameter.
    package func parameter(_ given: String) -> Match {
        let given = given.lowercased()
        let parameters = options.filter { $0.parameter != nil }
        if let whole = parameters.first(where: { $0.parameterNames.contains { $0.lowercased() == given } }) {
            return .option(whole)
        }
        guard given.count >= PowerShellDeviation.shortestPrefix else { return .none }
        let candidates = parameters.filter { $0.parameterNames.contains { $0.lowercased().hasPrefix(given) } }
        let uncommon = candidates.filter { !$0.isCommonParameter }
        switch (candidates.count, uncommon.count) {
        case (0, _): return .none
        case (1, _): return .option(candidates[0])
        case (_, 1): return .option(uncommon[0])
        default: return .ambiguous(candidates.map(\.name))
        }
    }
}

extension CommandOption {
    /// PowerShell's name and its aliases; empty for what is psrun's own.
    var parameterNames: [String] { parameter.map { [$0] + aliases } ?? [] }
}
