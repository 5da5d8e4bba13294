/// The prose and the small tables that help and manual share.
enum Reference {
    static let tagline = "run playbooks in PowerShell remote sessions, recorded"

    static let description = """
        psrun enters PowerShell remote sessions without a person, over SSH or on this computer, sends every line of a \
        playbook exactly as it is written, and leaves a recording of all that came back.
        """

    static let powerShellSpelling = """
        Every parameter of Enter-PSSession is taken in its PowerShell spelling, in any letter case, by alias, and by \
        any unambiguous prefix of two letters or more; -Name:VALUE and --name=VALUE work as well.
        """

    static let ofTheOptions = """
        The options below are those of run; 'psrun VERB --help' has those of another verb.
        """

    static let examples: [(command: String, meaning: String)] = [
        ("psrun playbooks/first-check.ps1 --any-shell", "A session on this computer."),
        ("psrun nightly.ps1 --host web01 --host admin@web02:2222 -ConnectingTimeout 5000", "Two targets over SSH."),
        (
            "psrun nightly.ps1 --host 'web[01-64]' -J bastion --format json --output night.json",
            "A fleet behind a jump host."
        ),
        ("psrun replay last --host web02", "Plays what happened on one target."),
        ("psrun show last --format json", "What each step of the last run did."),
        ("psrun search 'disk .* full' --since 30d", "Where it was said, on any target, in a month of runs."),
        ("psrun diff last", "What is different from the run before of the same playbook."),
        ("psrun export last --as html --output night.html", "A page with a player, for who has no psrun."),
        (
            "psrun verify --all --allowed-signers allowed_signers --require-signature",
            "Whether all that was recorded is as it was sealed and signed."
        ),
        ("psrun verify --all --script | sh", "The same by sh, tar, zstd, sha256sum and ssh-keygen."),
        ("psrun prove last --host web02", "One target's recording in a file that proves itself."),
        ("psrun recover && psrun prune --keep 90d", "Seals what was killed, and removes what is older than 90 days."),
    ]

    static let environment: [(name: String, meaning: String)] = [
        ("PSRUN_RECORDINGS", "The recordings folder where --recordings is not given."),
        (
            "XDG_STATE_HOME",
            "Holds psrun/recordings where nothing else names the folder; ~/.local/state if it is not set."
        ),
        ("XDG_CONFIG_HOME", "Holds psrun/allowed_signers and psrun/masks; ~/.config if it is not set."),
        ("NO_COLOR", "When set and not empty, colors are dropped as with --color never."),
        ("SSH_AUTH_SOCK", "The agent that is asked for keys."),
        (
            "CREDENTIALS_DIRECTORY",
            "Set by systemd: its credentials psrun.password and psrun.passphrase are taken where no option names any."
        ),
        ("PATH", "Where pwsh is looked for when no target is given; without one, psrun's own endpoint serves."),
        ("HOME", "Holds .local/state; the account's home folder does where it is not set, and holds .ssh always."),
    ]

    static let files: [(name: String, meaning: String)] = [
        ("~/.ssh/config, /etc/ssh/ssh_config", "Keywords for SSH targets; --ssh-config names another file."),
        ("~/.ssh/known_hosts, /etc/ssh/ssh_known_hosts", "The host keys that are taken."),
        (
            "recordings/RUN/",
            "One run: run.tar.zst, manifest.json and, where it was signed, manifest.json.sig once it is sealed; journal "
                + "while it runs or after it was killed; tombstone.json in place of the archive once it was pruned."
        ),
        (
            "recordings/chain.log",
            "A line for each seal, prune and reading of a run, each with the hash of the one before."
        ),
        ("~/.config/psrun/allowed_signers", "Whose signatures count for verify, as ssh-keygen(1) describes it."),
        ("~/.config/psrun/masks", "What diff masks besides the usual: [NAME=]REGEX, one a line; # begins a remark."),
    ]
}
