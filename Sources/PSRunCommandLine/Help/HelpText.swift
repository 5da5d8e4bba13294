/// What `psrun --help` and `psrun help VERB` print, from the table.
package enum HelpText {
    /// - Parameter verb: nil is the overview, with the options of the run verb.
    package static func text(for verb: Verb?) -> String {
        let definition = VerbDefinition.of(verb ?? .run)
        var parts = [usage(verb.map { [.of($0)] } ?? VerbDefinition.all)]
        if verb == nil {
            parts.append(TextLayout.paragraph(Reference.description, indent: 0))
            parts.append("Verbs:\n" + TextLayout.table(VerbDefinition.all.map { ($0.synopsis, $0.summary) }))
            parts.append(TextLayout.paragraph(Reference.ofTheOptions, indent: 0))
        } else {
            parts.append(TextLayout.paragraph(definition.help, indent: 0))
            var operands = [definition.operand, definition.more].compactMap(\.self).map { ($0.placeholder, $0.help) }
            if operands.count == 2, operands[0] == operands[1] { operands.removeLast() }
            if !operands.isEmpty { parts.append(TextLayout.table(operands)) }
        }
        parts += groups(of: definition)
        parts.append((["Examples:"] + VerbExample.of(definition.verb).map(entry)).joined(separator: "\n"))
        parts.append("Exit codes:\n" + TextLayout.table(ExitCode.descriptions.map { ($0.number, $0.meaning) }))
        if definition.verb == .run {
            parts.append(TextLayout.paragraph(Reference.powerShellSpelling, indent: 0))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func usage(_ verbs: [VerbDefinition]) -> String {
        verbs.enumerated().map { index, verb in
            (index == 0 ? "Usage: " : "       ") + "psrun \(verb.usage)"
        }.joined(separator: "\n")
    }

    private static func groups(of definition: VerbDefinition) -> [String] {
        CommandOption.Group.allCases.compactMap { group in
            let options = definition.usableOptions.filter { $0.group == group }
            guard !options.isEmpty else { return nil }
            return ([group.rawValue + ":"] + options.map(entry)).joined(separator: "\n")
        }
    }

    private static func entry(_ example: VerbExample) -> String {
        "  \(example.line)\n" + TextLayout.paragraph(example.meaning, indent: 6)
    }

    private static func entry(_ option: CommandOption) -> String {
        "  \(option.synopsis)\n" + TextLayout.paragraph(option.help, indent: 6)
    }
}

extension CommandOption {
    /// Its spellings and the placeholder of its value.
    var synopsis: String {
        spellings.joined(separator: ", ") + (value.placeholder.map { " \($0)" } ?? "")
    }

    /// The first clause of its help, for a completion's menu.
    var brief: String {
        let ends = [". ", ": ", " (", "; "].compactMap { help.firstRange(of: $0)?.lowerBound }
        let clause = help[..<(ends.min() ?? help.endIndex)]
        return String(clause.last == "." ? clause.dropLast() : clause)
    }
}

extension VerbDefinition {
    /// The verb and its operand.
    var synopsis: String { ([verb.rawValue] + operandUsage).joined(separator: " ") }

    /// What follows `psrun` in a usage line.
    var usage: String {
        let name = verb == .run ? "[run]" : verb.rawValue
        return ([name] + operandUsage + (options.isEmpty ? [] : ["[OPTION]..."])).joined(separator: " ")
    }

    private var operandUsage: [String] {
        guard let operand else { return [] }
        let name =
            more?.placeholder == operand.placeholder && moreLimit > 1
            ? "\(operand.placeholder)..." : operand.placeholder
        let first = operand.isRequired ? name : "[\(name)]"
        guard let more, more.placeholder != operand.placeholder || moreLimit == 1 else { return [first] }
        return [first, "[\(more.placeholder)\(moreLimit > 1 ? "..." : "")]"]
    }
}
