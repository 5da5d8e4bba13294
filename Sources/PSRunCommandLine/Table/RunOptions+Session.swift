extension RunOptions {
    static let session: [CommandOption] = [
        CommandOption(
            long: "blocks",
            .choice("RULE"),
            in: .session,
            help: """
                How a block of lines ends: where the far side's parser says, which is asked for the whole playbook \
                (powershell, the default); where the far side takes the lines so far as whole, asked line by line \
                (incremental); or at a blank line, as at a console (console).
                """
        ) { $0.run.blocks.rule = $1 },
        CommandOption(
            long: "max-block",
            .integer("N", in: 1...1_000_000),
            in: .session,
            help: """
                The most lines a block may have that is found line by line (default \
                \(RunInvocation.Blocks().maximumLines)).
                """
        ) { $0.run.blocks.maximumLines = $1 },
        CommandOption(
            long: "any-shell",
            .flag,
            in: .session,
            help: "Allow a .ps1 playbook in a POSIX shell, and a .sh playbook in PowerShell."
        ) { $0.run.anyShell = $1 },
        CommandOption(
            long: "load-profile",
            .text("PATH"),
            in: .session,
            help: "Dot-source this path on the far side as the first, recorded step."
        ) { $0.run.loadProfile = $1 },
        CommandOption(
            long: "answer",
            .answer("REGEX=TEXT", completes: .nothing),
            isRepeatable: true,
            in: .session,
            help: """
                Answer prompts whose caption, message or field matches REGEX, a Perl-compatible regular expression \
                (PCRE2); the first = ends it. Every other prompt is refused at once.
                """
        ) { $0.run.prompts.answers.append($1) },
        CommandOption(
            long: "answer-secret",
            .answer("REGEX=FILE", completes: .file),
            isRepeatable: true,
            in: .session,
            help: "Answer prompts for a secret with the contents of FILE, which must have mode 0600."
        ) { $0.run.prompts.secretAnswers.append($1) },
        CommandOption(
            long: "ask",
            .flag,
            in: .session,
            help: "At a terminal, show prompts that match no --answer to you."
        ) { $0.run.prompts.asksPerson = $1 },
        CommandOption(
            "ErrorAction",
            aliases: ["ea"],
            long: "error-action",
            .choice("ACTION", "System.Management.Automation.ActionPreference"),
            in: .session,
            help: "After a step that is not ok, go on (Continue, the default) or end that target's run (Stop)."
        ) { $0.run.errorAction = $1 },
        CommandOption(
            long: "exit-from-session",
            .flag,
            in: .session,
            help: "With one target, exit with the N of the session's 'exit N'."
        ) { $0.run.exitFromSession = $1 },
    ]

    static let time: [CommandOption] = [
        CommandOption(
            "ConnectingTimeout",
            sets: [.sshHost],
            .milliseconds,
            in: .time,
            help: """
                Give up a target whose session has no prompt after MS milliseconds, counted from the first system \
                call. Without it, or with a negative number, there is no limit.
                """
        ) { $0.connectingTimeout = .some($1) },
        CommandOption(
            sets: overSSH + [.containerID, .computerName, .uri],
            long: "connecting-timeout",
            .duration,
            in: .time,
            help: "The same with a unit, such as 5s; also over WinRM, and for containers and virtual machines."
        ) { $0.connectingTimeout = .some($1) },
        CommandOption(
            long: "step-timeout",
            .duration,
            in: .time,
            help: "Stop a step after TIME, and its target's run with it. A TIME has a unit: 1500ms, 30s, 5m, 1h."
        ) { $0.run.limits.step = $1 },
        CommandOption(
            long: "target-timeout",
            .duration,
            in: .time,
            help: "Stop a target's run after TIME."
        ) { $0.run.limits.target = $1 },
        CommandOption(
            long: "run-timeout",
            .duration,
            in: .time,
            help: "Stop the whole run after TIME."
        ) { $0.run.limits.run = $1 },
        CommandOption(
            long: "grace",
            .durationOrZero,
            in: .time,
            help: "Drop a session that has not stopped within TIME of being told to (default 5s)."
        ) { $0.run.limits.grace = $1 },
    ]
}
