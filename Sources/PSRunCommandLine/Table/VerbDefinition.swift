/// One row of the table of verbs.
package struct VerbDefinition: Sendable {
    package struct Operand: Sendable {
        package var placeholder: String
        package var isRequired: Bool
        package var completion: ValueDescription.Completion
        package var help: String
    }

    package var verb: Verb
    package var operand: Operand?
    /// What may follow the first operand, `moreLimit` times at most; nil where nothing may.
    package var more: Operand? = nil
    package var moreLimit = 4_096
    package var options: [CommandOption]
    /// One line for the overview.
    package var summary: String
    /// Whole sentences for the verb's own help and the manual.
    package var help: String
    /// Takes the first operand; the others are in the draft.
    var finish: @Sendable (Draft, String?) throws(UsageError) -> Invocation
}

extension VerbDefinition {
    var mostOperands: Int { (operand == nil ? 0 : 1) + (more == nil ? 0 : moreLimit) }
}

extension VerbDefinition {
    /// The table of verbs, in the order of the help.
    package static let all = Verb.allCases.map(of)

    package static func of(_ verb: Verb) -> VerbDefinition {
        switch verb {
        case .run: run
        case .resume: resume
        case .rerun: rerun
        case .blocks: blocks
        case .targets: targets
        case .processes: processes
        case .session: session
        case .schedule: schedule
        case .replay: replay
        case .follow: follow
        case .list: list
        case .show: show
        case .search: search
        case .diff: diff
        case .export: export
        case .merge: merge
        case .recover: recover
        case .prune: prune
        case .config: config
        case .verify: verify
        case .prove: prove
        case .endpoint: endpoint
        case .completions: completions
        case .manual: manual
        case .help: help
        case .version: version
        }
    }

    static let run = VerbDefinition(
        verb: .run,
        operand: Operand(
            placeholder: "PLAYBOOK",
            isRequired: true,
            completion: .file,
            help: "A text file of lines to send; '-' reads it from standard input, and -c gives lines in its place."
        ),
        options: RunOptions.all,
        summary: "run a playbook; the default when no verb is given",
        help: """
            Enters a PowerShell remote session on every target, sends each line of PLAYBOOK exactly as it is written, \
            and records everything that comes back.
            """
    ) { (draft, playbook) throws(UsageError) in
        .run(try draft.run(playbook))
    }

    static let blocks = VerbDefinition(
        verb: .blocks,
        operand: Operand(
            placeholder: "PLAYBOOK",
            isRequired: true,
            completion: .file,
            help: "A text file of lines; '-' reads it from standard input."
        ),
        options: [
            RunOptions.target, RunOptions.ssh, RunOptions.winRM, RunOptions.secrets, RunOptions.ofComputers,
            RunOptions.time, RunOptions.output,
            RunOptions.commonParameters,
        ]
        .flatMap { $0.filter { !notOfBlocks.contains($0.name) } },
        summary: "print a playbook's blocks, and run none",
        help: """
            Enters a PowerShell remote session on every target, asks its parser where the blocks of PLAYBOOK end, and \
            prints them. No line of PLAYBOOK runs, and nothing is recorded. Without any target, the PowerShell of this \
            computer is asked. A POSIX shell, and a session in constrained language, cannot be asked.
            """
    ) { (draft, playbook) throws(UsageError) in
        .blocks(try draft.blocks(playbook))
    }

    /// What tells how a run goes on and ends.
    private static let notOfBlocks: Set<String> = ["dry-run", "ErrorAction", "live", "metrics-file", "shard"]

    static let targets = VerbDefinition(
        verb: .targets,
        operand: nil,
        options: RunOptions.selection + [RunOptions.shard]
            + RunOptions.ssh.filter { ["user", "port", "ssh-config"].contains($0.long) } + RunOptions.winRM
            + RunOptions.ofComputers + [
                CommandOption(
                    long: "format",
                    .choice("FORMAT"),
                    help: "Print text (the default), a name on each line, or json."
                ) { $0.targetsFormat = $1 }
            ],
        summary: "print what a selection of hosts means",
        help: """
            Prints the hosts that --host, -w, -x, -i, --limit, -ComputerName, -ConnectionUri and --shard select, each once, in the order of a run, and connects to \
            none. Node sets are read as ClusterShell reads them, inventories as Ansible does. What they would do that \
            nobody asked for, such as leaving out a host without a word, is refused with the readings it may have.
            """
    ) { (draft, _) throws(UsageError) in
        .targets(try draft.targets())
    }

    static let processes = VerbDefinition(
        verb: .processes,
        operand: nil,
        options: [
            CommandOption(
                long: "format",
                .choice("FORMAT"),
                help: "Print text (the default) or json."
            ) { $0.processes.format = $1 }
        ],
        summary: "list the PowerShells of this computer that can be entered",
        help: """
            Lists this user's running PowerShells, each with its id, its name and its pipe, as Get-PSHostProcessInfo \
            does. --process ID enters one.
            """
    ) { (draft, _) throws(UsageError) in
        .processes(draft.processes)
    }

    static let endpoint = VerbDefinition(
        verb: .endpoint,
        operand: nil,
        options: [
            CommandOption(long: "shell", .text("SHELL", completes: .file), help: "The POSIX shell (default /bin/sh).") {
                $0.endpoint.shell = $1
            },
            CommandOption(
                long: "working-directory",
                .text("FOLDER", completes: .folder),
                help: "Begin the session in FOLDER (default: the user's home folder)."
            ) { $0.endpoint.workingDirectory = $1 },
            CommandOption(
                long: "channel",
                .flag,
                help: """
                    Serve sessions one after the other on the channel org.psrun.0 of this virtual machine, in place of \
                    one on standard input and output.
                    """
            ) { $0.endpoint.servesChannel = $1 },
            CommandOption(
                long: "channel-path",
                .text("PORT", completes: .file),
                help: "The same on another port, such as /dev/virtio-ports/org.example.0."
            ) { $0.endpoint.channelPath = $1 },
        ],
        summary: "serve PSRP on standard input and output",
        help: """
            Serves PSRP on standard input and output with a POSIX shell behind it: the powershell subsystem for a host \
            without PowerShell.
            """
    ) { (draft, _) in
        .endpoint(draft.endpoint)
    }
}
