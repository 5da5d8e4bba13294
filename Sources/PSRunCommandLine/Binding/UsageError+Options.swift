/// The errors of one option.
extension UsageError {
    static func unknown(_ spelled: SpelledOption, verb: VerbDefinition) -> UsageError {
        let owners = VerbDefinition.all.filter { owner in
            owner.verb != verb.verb && owner.options.contains { $0.spellings.contains(spelled.spelling) }
        }
        if !owners.isEmpty {
            let names = listed(owners.map { "'psrun \($0.verb.rawValue)'" })
            return UsageError(
                .wrongVerb,
                "'psrun \(verb.verb.rawValue)' has no \(spelled.spelling); it belongs to \(names)."
            )
        }
        let said = "psrun has no option \(spelled.spelling)"
        let help = "'psrun help \(verb.verb.rawValue)' lists them"
        if let hint = Habit.hint(for: spelled.spelling) { return UsageError(.unknownOption, "\(said); \(hint).") }
        let options = verb.options + EverywhereOptions.all
        let spellings = options.flatMap(\.knownSpellings)
        // Two spellings of one option may be equally near: the one of the same kind is meant, which may take another unit.
        let alike = spelled.dialect == .long ? spellings.filter { $0.hasPrefix("--") } : spellings
        if let close = nearest(to: spelled.spelling, in: alike) ?? nearest(to: spelled.spelling, in: spellings) {
            let takesTime = options.contains { $0.spellings.contains(close) && $0.value.placeholder == "TIME" }
            let example = takesTime ? ", with a unit, as in \(close) 5s" : ""
            return UsageError(.unknownOption, "\(said); did you mean \(close)\(example)? \(help).")
        }
        return UsageError(.unknownOption, "\(said); \(help).")
    }

    static func ambiguous(_ spelled: SpelledOption, _ names: [String]) -> UsageError {
        UsageError(
            .ambiguousParameter,
            "\(spelled.spelling) is ambiguous: it may be \(listed(names.map { "-\($0)" })); write more of it."
        )
    }

    static func inPipelineOnly(_ option: CommandOption) -> UsageError {
        UsageError(.notInPipeline, "-\(option.name) is of no use here: psrun is not in a pipeline.")
    }

    static func missingValue(_ spelled: SpelledOption, _ option: CommandOption, next: String?) -> UsageError {
        let placeholder = option.value.placeholder ?? ""
        var message = "\(spelled.spelling) needs a value, \(placeholder)"
        if let next {
            let joined = spelled.dialect == .long ? "=" : ":"
            message += "; one that begins with a dash is written \(spelled.spelling)\(joined)\(printable(next))"
        }
        return UsageError(.missingArgument, message + ".")
    }
}

extension CommandOption {
    /// What a suggestion may name: nothing that would only bring another error.
    fileprivate var knownSpellings: [String] {
        availability == .now ? spellings.filter { $0.count > 2 } : []
    }
}
