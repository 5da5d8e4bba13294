/// A line to copy from a verb's help, and what it does.
package struct VerbExample: Sendable {
    /// As typed at a shell, or as it stands in sshd_config. Short enough for a terminal of 80 columns.
    package let line: String
    /// One sentence.
    package let meaning: String

    private init(_ line: String, _ meaning: String) {
        self.line = line
        self.meaning = meaning
    }

    /// At least three examples of a verb.
    package static func of(_ verb: Verb) -> [VerbExample] {
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
        case .verify: verify
        case .prove: prove
        case .prune: prune
        case .config: config
        case .endpoint: endpoint
        case .completions: completions
        case .manual: manual
        case .help: help
        case .version: version
        }
    }
}

extension VerbExample {
    private static let blocks = [
        VerbExample("psrun blocks nightly.ps1 --host web01", "Prints what web01 would take as steps."),
        VerbExample("psrun blocks nightly.ps1", "Asks the PowerShell of this computer."),
        VerbExample("psrun blocks nightly.ps1 --host web01 --format json", "The same for a program."),
    ]

    private static let processes = [
        VerbExample("psrun processes", "Lists the PowerShells of this user that run here."),
        VerbExample("psrun processes --format json", "The same for a script."),
        VerbExample("psrun -c 'Get-Date' --process 4711", "Enters one of them, and leaves it running."),
    ]

    private static let session = [
        VerbExample("psrun session open web --host web01", "Opens a session that stays open."),
        VerbExample("psrun check.ps1 -Name web", "Visits it: variables and folder are as they were left."),
        VerbExample("psrun session open box -ContainerId web", "The same in a container."),
        VerbExample("psrun session list", "Lists the sessions that are open, and who is busy."),
        VerbExample("psrun session close web", "Closes it; --all closes all of them."),
    ]

    private static let targets = [
        VerbExample("psrun targets -w '@web!web[3-4]'", "Prints a group's nodes but for two."),
        VerbExample("psrun targets -i fleet.yaml --limit 'web:&site1'", "Prints the hosts of two groups at once."),
        VerbExample("psrun targets -i fleet.yaml --format json", "Prints each host's address, groups and variables."),
        VerbExample("psrun targets -Cn 'srv[1-3]' -UseSSL --format json", "Prints each computer's address and login."),
        VerbExample("psrun targets -i fleet.yaml --shard 0/10", "Prints the hosts of the first of ten shards."),
    ]

    private static let schedule = [
        VerbExample("psrun schedule nightly.ps1 -i fleet.yaml --at 02:30", "Prints a line for your crontab."),
        VerbExample(
            "psrun schedule nightly.ps1 -i fleet.yaml --at 02:30 --as systemd --install",
            "Writes a service and its timer, and says how to start it."
        ),
        VerbExample(
            "psrun schedule disk.sh -w '@web' --every 15m --splay 5m --as cron.d --run-as ops",
            "Prints a file for /etc/cron.d; the run begins up to five minutes later."
        ),
    ]

    private static let run = [
        VerbExample("psrun playbooks/first-check.ps1 --any-shell", "Runs a playbook in a session on this computer."),
        VerbExample("psrun -c uptime --host web01,web02", "Runs one line on two hosts over SSH."),
        VerbExample("psrun nightly.ps1 --host web01 --dry-run", "Checks everything first, and connects nowhere."),
        VerbExample(
            "psrun nightly.ps1 --host web01 --host admin@web02:2222 --step-timeout 5m",
            "Runs it on two hosts over SSH, and stops any step after five minutes."
        ),
        VerbExample(
            "psrun nightly.ps1 --host 'web[01-64]' -J bastion --format json --output n.json",
            "Runs it on 64 hosts behind a jump host, and writes one JSON document."
        ),
        VerbExample(
            "psrun playbooks/disk.sh --host db01 --shell",
            "Runs it where there is nothing but sshd and a shell."
        ),
        VerbExample(
            "psrun nightly.ps1 -ComputerName srv01 -Credential op@EXAMPLE.COM",
            "Runs it on a Windows computer over WinRM; the login is Kerberos's."
        ),
        VerbExample(
            "psrun -c Get-Date -Cn 'srv[01-64]' -UseSSL -Credential 'EXAMPLE\\op'",
            "Runs one line on 64 computers by https; the login is NTLM's."
        ),
        VerbExample(
            "psrun nightly.ps1 -ConnectionUri https://srv01:5986/wsman -SkipCACheck",
            "Enters a service by its address, whoever signed its certificate."
        ),
        VerbExample("psrun -c uptime -w 'web[01-64]' --live", "Prints each host's output as it comes."),
        VerbExample("psrun nightly.ps1 -i fleet.yaml --format nagios", "Checks a fleet for a monitoring server."),
        VerbExample(
            "psrun nightly.ps1 -i fleet.yaml -q --metrics-file /srv/prom/nightly.prom",
            "Keeps the run's figures for Prometheus's node exporter."
        ),
        VerbExample("psrun --cron nightly.ps1 -i fleet.yaml", "Says nothing when all is well; for cron and timers."),
        VerbExample(
            "psrun setup.ps1 --host web01 --answer 'Continue=y' --redact 'token=\\K\\w+'",
            "Answers a prompt, and keeps tokens out of the recording."
        ),
    ]

    private static let resume = [
        VerbExample("psrun resume last", "Runs what the last run did not come to."),
        VerbExample("psrun resume last --dry-run", "Lists the targets, and where each would begin."),
        VerbExample("psrun resume last --repeat-unknown web03:18", "Sends that line again, and goes on behind it."),
    ]

    private static let rerun = [
        VerbExample("psrun rerun last --unreachable", "Runs it on the hosts that were not reached."),
        VerbExample("psrun rerun last --failed --fanout 4", "Runs it again where it did not go well, on four at once."),
        VerbExample("psrun rerun nightly~1 --dry-run", "Lists what would run, and what has run there before."),
    ]

    private static let replay = [
        VerbExample("psrun replay last --host web02", "Plays what happened on one target of the last run."),
        VerbExample("psrun replay last~1 --instant", "Prints the run before the last one, all at once."),
        VerbExample(
            "psrun replay nightly --speed 4 --idle-limit 2s",
            "Plays the run whose name has 'nightly' in it, faster."
        ),
    ]

    private static let follow = [
        VerbExample("psrun follow", "Shows the newest run in progress."),
        VerbExample("psrun follow --host web02", "Shows one target of it."),
        VerbExample("psrun follow nightly", "Shows the run in progress whose name has 'nightly' in it."),
    ]

    private static let list = [
        VerbExample("psrun list --limit 10", "Lists the newest ten runs."),
        VerbExample("psrun list --failed --host web03", "Lists the runs with web03 in them that did not go well."),
        VerbExample("psrun list --since 7d --playbook nightly", "Lists last week's runs of one playbook."),
        VerbExample("psrun list --format json | jq -r '.runs[].run'", "Prints the names of all runs."),
    ]

    private static let show = [
        VerbExample("psrun show last", "Shows how each target of the last run ended."),
        VerbExample("psrun show last --host web02", "Shows the steps of one target."),
        VerbExample("psrun show last --format json | jq .exit_code", "Prints the exit code of the last run."),
    ]

    private static let search = [
        VerbExample("psrun search 'disk .* (full|failing)' --since 30d", "Searches a month of runs, every target."),
        VerbExample("psrun search denied last --stream error --ignore-case", "Searches the errors of the last run."),
        VerbExample("psrun search 'Accepted password' --host db01 --format json", "Prints each hit as a JSON object."),
    ]

    private static let diff = [
        VerbExample("psrun diff last", "Compares the last run with the previous run of the same playbook."),
        VerbExample("psrun diff last~7 last", "Compares two runs."),
        VerbExample(
            "psrun diff last --within --mask 'load=[0-9.]+'",
            "Shows which targets of one run differ from the others, whatever their load."
        ),
    ]

    private static let export = [
        VerbExample(
            "psrun export last --as html --output night.html",
            "Writes a page with a player, for readers without psrun."
        ),
        VerbExample(
            "psrun export last --as html --since 30d --output month.html",
            "The same, with each host in each of a month's nights, and trends."
        ),
        VerbExample(
            "psrun export last --as html --host web02 --since 30d --output web02.html",
            "One host's nights of a month."
        ),
        VerbExample(
            "psrun export last~1 --as html --since 12h --output today.html",
            "The run before the last, with those of the half day before it."
        ),
        VerbExample(
            "psrun export last --as junit --output night.xml",
            "Writes the steps as test cases, for a build server."
        ),
        VerbExample("psrun export last --as cast2 --host web02 | asciinema play -", "Plays one target in asciinema."),
        VerbExample("psrun export last --as jsonl | jq -r 'select(.stream == \"error\").data'", "Prints every error."),
    ]

    private static let merge = [
        VerbExample("psrun merge node1/*-nightly-* node2/*-nightly-*", "Puts the shards of two machines together."),
        VerbExample(
            "psrun merge last~2 last~1 last --format junit >night.xml",
            "Writes three shards' test cases as one run's."
        ),
        VerbExample("psrun merge */*-nightly-* --partial", "Merges what is there, though shards are missing."),
    ]

    private static let recover = [
        VerbExample("psrun recover", "Seals every run that was killed."),
        VerbExample("psrun recover last", "Seals the newest run, if it was killed."),
        VerbExample("psrun recover --sign-key ~/.ssh/id_ed25519", "Signs what it seals."),
    ]

    private static let verify = [
        VerbExample("psrun verify", "Checks the last run."),
        VerbExample(
            "psrun verify --all --allowed-signers allowed_signers --require-signature",
            "Checks every recording, its signature and the chain."
        ),
        VerbExample(
            "psrun verify --all --script | sh",
            "Checks the same with sh, tar, zstd, sha256sum and ssh-keygen only."
        ),
        VerbExample("psrun verify web02.proof.tar", "Checks a file that psrun prove made."),
    ]

    private static let prove = [
        VerbExample("psrun prove last --host web02", "Writes web02's recording to a file that proves itself."),
        VerbExample("psrun prove last~1 --host web02 --output web02.proof.tar", "Names the file."),
        VerbExample("psrun verify web02.proof.tar", "Checks that file, on any machine."),
    ]

    private static let prune = [
        VerbExample("psrun prune --keep 90d --dry-run", "Lists what would be removed."),
        VerbExample("psrun prune --keep 90d", "Removes the archives of runs older than 90 days."),
        VerbExample("psrun prune --keep 1y --sign-key ~/.ssh/id_ed25519", "Signs each tombstone."),
    ]

    private static let config = [
        VerbExample("psrun config show", "Prints what files and environment set, and where each value comes from."),
        VerbExample("psrun config show --host web01", "Prints what counts for web01."),
        VerbExample("psrun config keys", "Prints every key, with its environment variable."),
    ]

    private static let endpoint = [
        VerbExample(
            "Subsystem powershell /usr/local/bin/psrun endpoint",
            "Lets others enter this host without PowerShell; add the line to /etc/ssh/sshd_config and reload sshd."
        ),
        VerbExample("Subsystem powershell /usr/local/bin/psrun endpoint --shell /bin/bash", "The same, with bash."),
        VerbExample("psrun playbooks/disk.sh --host db01", "Runs a playbook on such a host, from any other machine."),
    ]

    private static let completions = [
        VerbExample("source <(psrun completions bash)", "Loads the completions into the running bash."),
        VerbExample("psrun completions zsh >~/.zfunc/_psrun", "Installs them for zsh, in a folder of $fpath."),
        VerbExample("psrun completions fish | source", "Loads them into the running fish."),
    ]

    private static let manual = [
        VerbExample("psrun manual | man -l -", "Shows the manual page."),
        VerbExample("psrun manual >~/.local/share/man/man1/psrun.1", "Installs it for yourself."),
        VerbExample("psrun manual | groff -man -Tutf8 | less -R", "Shows it on a system without man."),
    ]

    private static let help = [
        VerbExample("psrun help", "Lists the verbs, and the options of run."),
        VerbExample("psrun help export", "Explains one verb."),
        VerbExample("psrun export --help", "The same."),
    ]

    private static let version = [
        VerbExample("psrun version", "Prints the name and the version."),
        VerbExample("psrun --version", "The same."),
        VerbExample("psrun version | cut -d ' ' -f 2", "Prints the number alone."),
    ]
}
