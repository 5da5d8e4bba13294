/// The prose and the small tables that help and manual share.
package enum Reference {
    static let tagline = "run playbooks in PowerShell remote sessions, recorded"

    static let description = """
        psrun enters PowerShell remote sessions unattended, over SSH, over WinRM or on this computer. It sends every line of a \
        playbook exactly as it is written, and records everything that comes back.
        """

    static let powerShellSpelling = """
        Every parameter of Enter-PSSession works in its PowerShell spelling, in upper or lower case, by its alias, and \
        by any unambiguous prefix of two letters or more. -Name:VALUE and --name=VALUE work as well.
        """

    static let ofTheOptions = """
        The options and examples below are those of run; 'psrun VERB --help' shows those of another verb.
        """

    /// What a playbook is, for the manual; the documentation's page has more (Playbooks.md).
    static let playbooks: [(name: String, meaning: String)] = [
        (
            "Steps",
            """
            A step is one or more whole lines, exactly as they stand in the file. With the request for the first \
            prompt, the target's own parser is asked where each statement ends. Comments go with the statement \
            behind them. All using lines are one step; so are param with its attributes and the script's own begin, \
            process and end; so are classes that stand next to each other. A syntax error refuses the target before \
            its first line. Where the parser cannot be asked (constrained language, an old or foreign endpoint, a \
            POSIX shell), a step is sent line by line until the far side takes it as whole. -Verbose, show and the \
            recording say which of the two it was.
            """
        ),
        (
            "Outcomes",
            """
            ok: it ran to its end, and nothing told of an error. error: an error record came, or $? was False behind \
            it. failed: an error ended it, or the parser refused it. stopped: a time limit, Ctrl-C or the far side \
            stopped it. unknown: the session broke while it ran. not_sent: it was never sent; nothing is sent behind \
            a step that the parser refused. $LASTEXITCODE is recorded, and does not decide: "$(/bin/false)" is ok, \
            and /bin/false | cat is an error, although cat's status is 0.
            """
        ),
        (
            "No effect",
            """
            #Requires is a comment. A trap, return, break and continue end with their own step. $PSScriptRoot, \
            $PSCommandPath and $args are empty. psrun names such lines once, with --dry-run as well, where they \
            begin a line of the script itself.
            """
        ),
        (
            "Surroundings",
            """
            No profile runs, unless --load-profile names one. A prompt is refused, unless --answer, --answer-secret \
            or --ask answers it. A transcript that the far side keeps also holds psrun's question for $? behind each \
            step.
            """
        ),
    ]

    /// Every environment variable that psrun reads.
    package static let environment: [(name: String, meaning: String)] = [
        (
            Setting.all.map(\.variable).joined(separator: ", "),
            "Each sets what the option of its name does: PSRUN_FANOUT is --fanout. A list has one value on each line."
        ),
        ("PSRUN_CONFIG", "The one configuration file that is read, in place of all others; none reads none."),
        (
            "PSRUN_NO_ACCESS_LOG",
            "If it is set and not empty, readings are not noted in chain.log, as with --no-access-log."
        ),
        (
            "XDG_STATE_HOME",
            "Holds psrun/recordings, unless something else names the folder, and psrun/locks. The default is ~/.local/state."
        ),
        (
            "XDG_CONFIG_HOME",
            "Holds psrun/config.yaml, psrun/allowed_signers, psrun/masks, psrun/certificates and clustershell/groups.conf. The default is "
                + "~/.config."
        ),
        (
            "XDG_CONFIG_DIRS",
            "Folders with colons between that hold psrun/config.yaml. The default is /etc/xdg; /etc/psrun/config.yaml comes last."
        ),
        (
            "XDG_RUNTIME_DIR",
            "Holds psrun's locks as well, where it is set: a run under --cron takes both. The broker of kept sessions is in "
                + "psrun there; without it in /run/user/UID, else in /tmp/psrun-UID."
        ),
        ("TZ", "The zone whose changes of clocks 'psrun schedule' looks for, beside the computer's own."),
        ("NOTIFY_SOCKET", "Set by systemd: where a run under --cron says that it is ready and how far it is."),
        ("WATCHDOG_USEC", "Set by systemd: within how many microseconds it wants a sign of life."),
        ("WATCHDOG_PID", "Set by systemd: the process that is meant by that."),
        ("CLUSTERSHELL_CFGDIR", "Holds groups.conf of node sets, whose options win over those of the other folders."),
        ("NO_COLOR", "If it is set and not empty, colors are dropped, as with --color never."),
        (
            "TMPDIR",
            "Where a run keeps results that are not written yet, and `psrun endpoint` input that is not read yet, in a file "
                + "without a name; without it `/var/tmp`, then `/tmp`."
        ),
        ("SSH_AUTH_SOCK", "The socket of the SSH agent, which is asked for keys and for signatures."),
        (
            "SSL_CERT_FILE, SSL_CERT_DIR",
            "A file, and a folder, with the authorities that https trusts, in place of the system's: as for OpenSSL's own programs."
        ),
        ("SHELL", "Runs ssh_config's ProxyCommand, as it does for ssh. The default is /bin/sh."),
        (
            "LIBVIRT_DEFAULT_URI",
            "Where libvirt is without --hypervisor, as libvirt itself takes it; a password in it is shown and recorded "
                + "nowhere."
        ),
        (
            "CREDENTIALS_DIRECTORY",
            "Set by systemd: its credentials psrun.password and psrun.passphrase are used if no option names others."
        ),
        (
            "PATH",
            "Searched for pwsh when no target is given (without pwsh, psrun's own endpoint serves) and for psrun endpoint's shell."
        ),
        (
            "LC_ALL, LC_CTYPE, LANG",
            "The first that is set and not empty says whether psrun's own words are in UTF-8; elsewhere they are plain."
        ),
        (
            "SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_MIN, SLURM_ARRAY_TASK_MAX, SLURM_ARRAY_TASK_STEP, SLURM_ARRAY_TASK_COUNT",
            "Set by Slurm for a task of an array: --shard auto takes its shard from them."
        ),
        (
            "JOB_COMPLETION_INDEX, NOMAD_ALLOC_INDEX",
            "Set by Kubernetes for an indexed job, and by Nomad: the I of --shard auto/N."
        ),
        (
            "CI_NODE_INDEX, CI_NODE_TOTAL",
            "Set by GitLab for a parallel job, from 1: --shard auto takes its shard from them."
        ),
        (
            "TERM",
            "If it is dumb, replay prints text instead of playing on a screen of its own, and a run shows no progress."
        ),
        ("USER, LOGNAME", "The user's name that psrun endpoint reports."),
        (
            "HOME",
            "Holds .local/state and .config. If it is not set, the account's home folder does; that always holds .ssh."
        ),
    ]

    static let files: [(name: String, meaning: String)] = [
        (".psrun.yaml, psrun.yaml", "The project's configuration: in the current folder, or the nearest one above it."),
        (
            "~/.config/psrun/config.yaml, /etc/xdg/psrun/config.yaml, /etc/psrun/config.yaml",
            "The user's and the system's configuration; 'psrun config show' lists where they are looked for."
        ),
        ("~/.ssh/config, /etc/ssh/ssh_config", "Keywords for SSH targets; --ssh-config names another file."),
        ("~/.ssh/known_hosts, /etc/ssh/ssh_known_hosts", "The host keys that are trusted."),
        (
            "recordings/RUN/",
            "One run. Once sealed: run.tar.zst, manifest.json and, if it was signed, manifest.json.sig. While it runs, or "
                + "after it was killed: journal. Once pruned: tombstone.json in place of the archive."
        ),
        (
            "recordings/chain.log",
            "A line for each seal, prune and reading of a run, each with the hash of the line before it."
        ),
        ("~/.config/psrun/allowed_signers", "The allowed signers for verify; ssh-keygen(1) describes the format."),
        (
            "~/.config/psrun/certificates/",
            "Certificates with their keys, as PEM or PKCS#12 files, which -CertificateThumbprint names."
        ),
        ("~/.config/psrun/masks", "More masks for diff: [NAME=]REGEX, one per line; # begins a comment."),
    ]
}
