import WinRMParameters

/// The rows of the run verb, in the order of its help.
enum RunOptions {
    static let all: [CommandOption] = [
        places, keptSessions, lines, ssh, winRM, machines, secrets, ofComputers, session, time, night, output,
        recording,
        commonParameters,
    ].flatMap(\.self)

    /// - Parameter more: what the verb does where no host is named.
    private static func hosts(_ more: String) -> CommandOption {
        CommandOption(
            "HostName",
            sets: [.sshHost],
            long: "host",
            .hosts,
            isRepeatable: true,
            in: .target,
            help: """
                Enter a session on HOST over SSH. '-' reads a list of hosts from standard input, '@FILE' from a file, \
                'web[01-64]' is a range, and commas part hosts. A user or port given here wins over -UserName and \
                -Port.\(more)
                """
        ) { $0.hosts.sources += $1 }
    }

    static let selection = [hosts("")] + computers + otherSources

    private static let otherSources: [CommandOption] = [
        CommandOption(
            sets: [.sshHost],
            short: "w",
            .text("NODES", completes: .hosts),
            isRepeatable: true,
            in: .target,
            help: "Select a node set as ClusterShell writes it: web[1-3,7], @group, with the operators , ! & and ^."
        ) { $0.hosts.sources.append(.nodes($1)) },
        CommandOption(
            sets: [.sshHost],
            short: "x",
            .text("NODES", completes: .hosts),
            isRepeatable: true,
            in: .target,
            help: """
                Leave a node set out, wherever its hosts are selected: by name in any letter case, and where it names no \
                user or port, whatever those are. What would only nearly take a host away is an error.
                """
        ) { $0.hosts.excluded.append($1) },
        CommandOption(
            sets: [.sshHost],
            long: "inventory",
            short: "i",
            .text("INVENTORY", completes: .file),
            isRepeatable: true,
            in: .target,
            help: """
                Select the hosts of an Ansible inventory: a file (INI, YAML), a folder, a program, or a list such as \
                web1,web2 with a comma. Its ansible_host, ansible_port, ansible_user and ansible_ssh_private_key_file \
                are used, and ansible_psrp_auth and all others that say how WinRM is.
                """
        ) { $0.hosts.sources.append(.inventory($1)) },
        CommandOption(
            sets: [.sshHost],
            long: "limit",
            .text("PATTERN"),
            in: .target,
            help: "Take only the hosts of inventories that an Ansible pattern matches, such as 'web:!web3'."
        ) { $0.hosts.limit = $1 },
    ]

    /// What is entered, and what is sent there.
    static let target = places + lines

    static let places: [CommandOption] =
        [hosts(" Without any target, the session is on this computer.")] + computers + otherSources + [
            shard,
            CommandOption(
                long: "process",
                .integer("PID", in: 1...Int(Int32.max)),
                in: .target,
                help: """
                    Enter a PowerShell that runs on this computer, as Enter-PSHostProcess does; `psrun processes` lists \
                    them.
                    """
            ) { $0.chosenProcesses.append(.id(Int32($1))) },
            CommandOption(
                "CustomPipeName",
                long: "pipe",
                .text("NAME"),
                in: .target,
                help: "The same by the pipe that -CustomPipeName of pwsh made: its name, or its path."
            ) { $0.chosenProcesses.append(.pipe($1)) },
        ]

    static let lines: [CommandOption] = [
        CommandOption(
            long: "command",
            short: "c",
            .text("LINE", mayBeBlank: true),
            isRepeatable: true,
            in: .target,
            help: "Run LINE in place of a playbook's; give it again for each further line."
        ) { $0.lines.append($1) },
        CommandOption(
            long: "fanout",
            short: "f",
            .integer("N", in: 1...10_000),
            in: .target,
            help: "Run N targets at once (default \(RunInvocation.defaultFanout))."
        ) { $0.run.fanout = $1 },
        CommandOption(
            long: "dry-run",
            short: "n",
            .flag,
            in: .target,
            help: "Check the playbook, the options and the targets, list targets and lines, and connect to none."
        ) { $0.run.dryRun = $1 },
    ]

    static let ssh: [CommandOption] = [
        CommandOption(
            "UserName",
            sets: [.sshHost],
            long: "user",
            .text("USER"),
            in: .ssh,
            help: "The user for hosts given without one; used exactly as written."
        ) { $0.ssh.userName = $1 },
        CommandOption(
            "Port",
            sets: [.computerName, .sshHost],
            long: "port",
            .port,
            in: .ssh,
            help: "The port for hosts given without one, 1 to 65535, and the port of -ComputerName."
        ) {
            $0.ssh.port = $1
            $0.winRM.port = $1
        },
        CommandOption(
            "KeyFilePath",
            aliases: ["IdentityFilePath"],
            sets: [.sshHost],
            long: "key-file",
            .file,
            in: .ssh,
            help: "Authenticate with this private key."
        ) { $0.ssh.keyFile = $1 },
        CommandOption(
            "Subsystem",
            sets: [.sshHost],
            long: "subsystem",
            .anyText("NAME"),
            in: .ssh,
            help: """
                The SSH subsystem that speaks PSRP. Without it: powershell, or, where the host has neither that nor \
                PowerShell, what --shell does.
                """
        ) { draft, name in
            // PowerShell takes an empty name for its default.
            guard !name.isEmpty else { return }
            (draft.ssh.subsystem, draft.ssh.isSubsystemNamed) = (name, true)
        },
        CommandOption(
            sets: overSSH,
            long: "exec",
            .text("COMMAND"),
            in: .ssh,
            help: """
                Run COMMAND there, in the user's login shell, and speak PSRP with it in place of a subsystem: \
                'pwsh -sshs -NoLogo -NoProfile', or 'psrun endpoint'. Nothing in sshd_config is needed.
                """
        ) { $0.ssh.command = $1 },
        CommandOption(
            sets: overSSH,
            long: "shell",
            .flag,
            in: .ssh,
            help: """
                Enter the POSIX shell there (/bin/sh), where nothing speaks PSRP: psrun drives it from here, over exec \
                channels. Nothing is installed or left there.
                """
        ) { $0.ssh.drivesShell = $1 },
        CommandOption(
            "SSHTransport",
            sets: [.sshHost],
            long: "ssh-transport",
            .onlyOn,
            in: .ssh,
            help: "Say that the transport is SSH, which -HostName already does."
        ),
        CommandOption(
            "Options",
            sets: [.sshHost],
            long: "option",
            .keyValue,
            isRepeatable: true,
            in: .ssh,
            help: "An ssh_config keyword and its value, such as ServerAliveInterval=15."
        ) { $0.ssh.options.append($1) },
        CommandOption(
            sets: overSSH,
            long: "host-key-check",
            .choice("WHEN"),
            in: .ssh,
            help: """
                Which host keys to accept: only those in known_hosts (yes, the default), also unknown ones, which are \
                then remembered (accept-new), or any unknown one (no). A changed or revoked key is always refused.
                """
        ) { $0.ssh.hostKeyCheck = $1 },
        CommandOption(
            sets: overSSH,
            long: "ssh-config",
            .file,
            in: .ssh,
            help: "Read this ssh_config instead of the user's and the system's; 'none' reads none."
        ) { $0.ssh.configFile = $1 },
        CommandOption(
            sets: overSSH,
            long: "jump",
            short: "J",
            .jumpHosts,
            in: .ssh,
            help: "Connect through these jump hosts, in this order; 'none' ignores ssh_config's ProxyJump."
        ) { $0.ssh.jumpHosts = $1 },
    ]

    static let secrets: [CommandOption] = [
        CommandOption(
            sets: [.computerName, .sshHost, .uri, .vmID, .vmName],
            long: "password-file",
            .file,
            in: .secrets,
            help: "Read the password from this file, which must have mode 0600."
        ) { $0.run.credentials.passwordFile = $1 },
        CommandOption(
            sets: [.computerName, .sshHost, .uri, .vmID, .vmName],
            long: "password-command",
            .text("COMMAND"),
            in: .secrets,
            help: """
                Read the password from this shell command's standard output. $PSRUN_TARGET_HOST and \
                $PSRUN_TARGET_USER tell it whose.
                """
        ) { $0.run.credentials.passwordCommand = $1 },
        CommandOption(
            sets: [.computerName, .sshHost, .uri, .vmID, .vmName],
            long: "passphrase-file",
            .file,
            in: .secrets,
            help:
                "Read the passphrase of the private key, or of a certificate, from this file, which must have mode 0600."
        ) { $0.run.credentials.passphraseFile = $1 },
        CommandOption(
            sets: [.computerName, .sshHost, .uri, .vmID, .vmName],
            long: "password-credential",
            .credentialName,
            in: .secrets,
            help: "Read the password from this credential of systemd's (LoadCredential=) instead of psrun.password."
        ) { $0.run.credentials.passwordCredential = $1 },
        CommandOption(
            sets: [.computerName, .sshHost, .uri, .vmID, .vmName],
            long: "passphrase-credential",
            .credentialName,
            in: .secrets,
            help: "Read the private key's passphrase from this credential of systemd's instead of psrun.passphrase."
        ) { $0.run.credentials.passphraseCredential = $1 },
        CommandOption(
            sets: [.computerName, .sshHost, .uri, .vmID, .vmName],
            long: "ask-password",
            .flag,
            in: .secrets,
            help: "Ask for the password at the terminal, whatever the configuration or systemd has."
        ) { $0.run.credentials.asksPassword = $1 },
    ]
}
