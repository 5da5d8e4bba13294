/// The errors of all options together, and of operands.
extension UsageError {
    static func conflict(_ first: String, _ second: String, given: [Binder.Given]) -> UsageError {
        let (one, other) = (find(first, in: given), find(second, in: given))
        let hint = Habit.hint(among: given.map(\.option)).map { " " + $0 } ?? ""
        return UsageError(
            .parameterSets,
            """
            \(one.spelling) belongs to \(one.sets) and \(other.spelling) to \(other.sets): they cannot be used together.\
            \(hint)
            """
        )
    }

    /// - Parameters:
    ///   - given: what selects a set.
    ///   - all: all that was given, also what goes with any target.
    static func missing(
        _ missing: [String],
        in set: ParameterSet,
        alternatives: [String],
        given: [Binder.Given],
        of all: [Binder.Given]
    ) -> UsageError {
        let first = given.first?.spelling ?? ""
        // As PowerShell has it, that set wants no address, and so is not among the alternatives.
        let goesByAddress = given.allSatisfy { $0.option.sets.contains(.uri) } && set != .uri
        let alternatives = (goesByAddress ? ["ConnectionUri"] : []) + alternatives
        // A host alone would not do for these.
        switch given.first?.option.long ?? given.first?.option.short.map(String.init) {
        case "limit": return UsageError(.missingParameter, "--limit limits an inventory: give -i as well.")
        case "x":
            return UsageError(.missingParameter, "-x needs hosts to take some from: give --host, -w or -i as well.")
        default: break
        }
        if let option = given.first(where: { $0.option.group == .winRM }) {
            // Some go with an address alone, or with a name.
            let ways = [("-ComputerName", ParameterSet.computerName), ("-ConnectionUri", .uri)]
            let wanted = ways.filter { option.option.sets.contains($0.1) }.map(\.0).joined(separator: " or ")
            return UsageError(
                .missingParameter,
                "\(option.spelling) needs a computer to enter over WinRM: give \(wanted) as well."
            )
        }
        if missing.contains("HostName") || alternatives.contains("HostName") {
            let others = (missing + alternatives).filter { $0 != "HostName" }.map { "-\($0)" }
            let instead = others.isEmpty ? "" : " (or \(listed(others)))"
            return UsageError(.missingParameter, "\(first) needs a host: give -HostName or --host as well\(instead).")
        }
        let wanted = missing.map { "-\($0)" }.joined(separator: " and ")
        let instead = alternatives.isEmpty ? "" : " (or \(listed(alternatives.map { "-\($0)" })))"
        return UsageError(
            .missingParameter,
            "\(first) needs \(wanted) as well\(instead), for the parameter set \(set.rawValue)."
                + (Habit.hint(among: all.map(\.option)).map { " " + $0 } ?? "")
        )
    }

    static func verbComesFirst(_ verb: Verb) -> UsageError {
        UsageError(
            .unexpectedArgument,
            "The verb comes first: psrun \(verb.rawValue) …. For a playbook of that name, write ./\(verb.rawValue)."
        )
    }

    static func tooMany(_ operands: [String], verb: VerbDefinition, verbWasNamed: Bool) -> UsageError {
        let name = verb.verb.rawValue
        let taken =
            verb.operand.map { operand in
                guard let more = verb.more else { return "one \(operand.placeholder)" }
                return more.placeholder == operand.placeholder
                    ? "\(verb.mostOperands) \(operand.placeholder)" : "\(operand.placeholder) and \(more.placeholder)"
            } ?? "no operand"
        let extra = printable(operands[verb.mostOperands])
        var message = "'psrun \(name)' takes \(taken), and '\(extra)' is one too many."
        let verbs = Verb.allCases.map(\.rawValue)
        if !verbWasNamed, let close = nearest(to: operands[0], in: verbs) {
            message += " Did you mean the verb \(close)?"
        } else if verb.verb == .run || verb.verb == .blocks, let hint = Habit.hostHint(operands) {
            message += " \(hint)"
        } else if verb.verb == .session, let hint = Habit.sessionHint(operands) {
            message += " \(hint)"
        }
        return UsageError(.unexpectedArgument, message)
    }

    static func missingOperand(_ operand: VerbDefinition.Operand, verb: VerbDefinition) -> UsageError {
        let name = verb.verb.rawValue
        return UsageError(
            .missingArgument,
            "\(operand.placeholder) is missing: psrun \(name) \(operand.placeholder) …; 'psrun help \(name)' says more."
        )
    }

    private static func find(_ name: String, in given: [Binder.Given]) -> (spelling: String, sets: String) {
        guard let found = given.first(where: { $0.option.setName == name }) else { return (name, "another set") }
        let names = found.option.sets.map(\.rawValue)
        return (found.spelling, names.count == 1 ? "the parameter set \(names[0])" : "the sets \(listed(names))")
    }
}
