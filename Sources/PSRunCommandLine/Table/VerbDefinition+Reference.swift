extension VerbDefinition {
    static let completions = VerbDefinition(
        verb: .completions,
        operand: Operand(
            placeholder: "SHELL",
            isRequired: true,
            completion: .words(CompletionsInvocation.Shell.allCases.map(\.rawValue)),
            help: "bash, zsh or fish."
        ),
        options: [],
        summary: "print a shell's completion script",
        help: "Prints the completion script of bash, zsh or fish."
    ) { (_, name) throws(UsageError) in
        let names = CompletionsInvocation.Shell.allCases.map(\.rawValue)
        guard let name, let shell = CompletionsInvocation.Shell(rawValue: name) else {
            throw UsageError(
                .invalidArgument,
                "'\(printable(name ?? ""))' is not a shell that psrun knows; it knows \(listed(names))."
            )
        }
        return .completions(CompletionsInvocation(shell: shell))
    }

    static let manual = VerbDefinition(
        verb: .manual,
        operand: nil,
        options: [],
        summary: "print the manual page",
        help: "Prints the manual page; 'psrun manual | man -l -' shows it."
    ) { (_, _) in
        .manual(ManualInvocation())
    }

    static let help = VerbDefinition(
        verb: .help,
        operand: Operand(
            placeholder: "VERB",
            isRequired: false,
            completion: .words(Verb.allCases.map(\.rawValue)),
            help: "The verb to explain."
        ),
        options: [],
        summary: "explain psrun or one of its verbs; also --help",
        help: "Explains psrun, or one of its verbs."
    ) { (_, name) throws(UsageError) in
        guard let name else { return .help(HelpInvocation()) }
        guard let verb = Verb(rawValue: name) else {
            throw UsageError(
                .invalidArgument,
                "'\(printable(name))' is not a verb of psrun; its verbs are \(listed(Verb.allCases.map(\.rawValue)))."
            )
        }
        return .help(HelpInvocation(verb: verb))
    }

    static let version = VerbDefinition(
        verb: .version,
        operand: nil,
        options: [],
        summary: "print psrun's version; also --version",
        help: "Prints psrun's version."
    ) { (_, _) in
        .version
    }
}
