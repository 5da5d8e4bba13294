/// The man page, from the table.
package enum ManualPage {
    /// The roff source of psrun(1).
    /// - Parameter date: when the page was last changed, as 2026-11-30.
    package static func source(version: String, date: String = "2026-11-30") -> String {
        let parts = [
            [".TH PSRUN 1 \"\(date)\" \"psrun \(version)\" \"User Commands\""],
            [Roff.section("Name"), "psrun \\- \(Roff.escape(Reference.tagline))"],
            [Roff.section("Synopsis")] + VerbDefinition.all.flatMap(synopsis),
            [Roff.section("Description"), Roff.escape(Reference.description)],
            [".PP", Roff.escape(Reference.powerShellSpelling)],
            [Roff.section("Playbooks")] + Reference.playbooks.map { Roff.item($0.name, $0.meaning) },
            [Roff.section("Configuration")] + Reference.configuration.map { Roff.item($0.name, $0.meaning) },
            [Roff.section("Verbs")] + VerbDefinition.all.map { Roff.item($0.synopsis, $0.help) },
            VerbDefinition.all.filter { !$0.options.isEmpty }.flatMap(options),
            [Roff.section("Every verb")] + EverywhereOptions.all.map(item),
            [Roff.section("Differences from Enter-PSSession")],
            PowerShellDeviation.allCases.map { ".IP \\(bu 2\n\(Roff.escape($0.sentence))" },
            [Roff.section("PowerShell's client at psrun endpoint")],
            Reference.endpointShell.map { Roff.item($0.name, $0.meaning) },
            [Roff.section("Exit status")],
            ExitCode.descriptions.map { Roff.item($0.number, $0.meaning.capitalizedFirst + ".") },
            [
                ".PP",
                Roff.escape(
                    "When several apply, psrun exits with the first of \(ExitCode.precedence.joined(separator: ", "))."
                ),
            ],
            [Roff.section("Environment")] + Reference.environment.map { Roff.item($0.name, $0.meaning) },
            [Roff.section("Files")] + Reference.files.map { Roff.item($0.name, $0.meaning) },
            [Roff.section("Examples")] + VerbDefinition.all.flatMap(examples),
            [
                Roff.section("See also"),
                "\\fBpwsh\\fR(1), \\fBssh\\fR(1), \\fBssh_config\\fR(5), \\fBssh-keygen\\fR(1), \\fBasciinema\\fR(1)",
            ],
        ]
        return parts.flatMap(\.self).joined(separator: "\n") + "\n"
    }

    private static func synopsis(of verb: VerbDefinition) -> [String] {
        ["\\fBpsrun\\fR \(Roff.escape(verb.usage))", ".br"]
    }

    private static func options(of verb: VerbDefinition) -> [String] {
        var lines = [Roff.section("Options of \(verb.verb.rawValue)")]
        for group in CommandOption.Group.allCases {
            let rows = verb.options.filter { $0.group == group && $0.availability == .now }
            guard !rows.isEmpty else { continue }
            if verb.verb == .run {
                lines.append(Roff.subsection(group.rawValue))
            }
            lines += rows.map(item)
        }
        return lines
    }

    private static func examples(of verb: VerbDefinition) -> [String] {
        [Roff.subsection(verb.verb.rawValue)] + VerbExample.of(verb.verb).map { Roff.item($0.line, $0.meaning) }
    }

    private static func item(_ option: CommandOption) -> String {
        Roff.item(
            option.spellings + option.aliases.map { "-\($0)" },
            placeholder: option.value.placeholder,
            option.help
        )
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
