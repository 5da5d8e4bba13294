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

    static let examples: [(command: String, meaning: String)] = [
        ("psrun playbooks/first-check.ps1 --any-shell", "A session on this computer."),
        ("psrun nightly.ps1 --host web01 --host admin@web02:2222 -ConnectingTimeout 5000", "Two targets over SSH."),
        (
            "psrun nightly.ps1 --host 'web[01-64]' -J bastion --format json --output night.json",
            "A fleet behind a jump host."
        ),
        ("psrun replay last --host web02", "Plays what happened on one target."),
        ("psrun show last --format json", "What each step of the last run did."),
    ]

    static let environment: [(name: String, meaning: String)] = [
        ("PSRUN_RECORDINGS", "The recordings folder where --recordings is not given."),
        (
            "XDG_STATE_HOME",
            "Holds psrun/recordings where nothing else names the folder; ~/.local/state if it is not set."
        ),
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
            "One run: run.tar.zst and manifest.json once sealed, the journal while it runs or after it was killed."
        ),
    ]
}
