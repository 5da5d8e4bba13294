extension VerbDefinition {
    static let completions = VerbDefinition(
        verb: .completions,
        operand: Operand(
            placeholder: "SHELL",
            isRequired: true,
            completion: .words(CompletionsInvocation.names),
            help: "bash, zsh, fish or powershell; hosts, runs or sessions."
        ),
        options: [],
        summary: "print a shell's completion script",
        help: """
            Prints the completion script of bash, zsh, fish or powershell. 'hosts', 'runs' and 'sessions' print what the \
            scripts offer for a host, for a recorded run and for a kept session: the names of ~/.ssh/config and of group \
            files, the newest recordings, and the names of the sessions that are open.
            """
    ) { (_, name) throws(UsageError) in
        if let shell = name.flatMap(CompletionsInvocation.Shell.init) { return .completions(.script(shell)) }
        if let candidates = name.flatMap(CompletionsInvocation.Candidates.init) {
            return .completions(.candidates(candidates))
        }
        let shells = listed(CompletionsInvocation.Shell.allCases.map(\.rawValue))
        throw UsageError(
            .invalidArgument,
            "'\(printable(name ?? ""))' is not a shell that psrun knows; it knows \(shells)."
        )
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
