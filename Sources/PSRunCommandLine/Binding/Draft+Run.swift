import WinRMParameters

extension Draft {
    /// The run, with its playbook and targets, once options that depend on each other agree.
    /// - Parameter playbook: the operand; nil where there is none.
    func run(_ playbook: String?) throws(UsageError) -> RunInvocation {
        let targetCount = hosts.sources.count + containers.containers.count + (machine.choice == nil ? 0 : 1)
        if run.exitFromSession, targetCount > 1 {
            throw UsageError(.invalidArgument, "--exit-from-session takes one target, and \(targetCount) are given.")
        }
        try checkSecrets()
        try checkHosts()
        try checkService()
        try checkOutput()
        var invocation = run
        invocation.connectingTimeout = connectingTimeout ?? nil
        try prepareNight(&invocation)
        let selected = selectedHosts
        invocation.playbook = try source(playbook)
        if let machine = machine.choice { invocation.targets = .ssh(HostSelection([.machine(machine)]), ssh) }
        if !hosts.sources.isEmpty { invocation.targets = .ssh(selected, ssh) }
        if !containers.containers.isEmpty { invocation.targets = .containers(containers) }
        invocation.shard = shard
        if let process = chosenProcesses.first {
            guard targetCount == 0, chosenProcesses.count == 1 else {
                throw UsageError(
                    .invalidArgument,
                    "--process and --pipe enter one process on this computer, and another target is given as well; give one."
                )
            }
            invocation.targets = .process(process)
        }
        if let session = keptSessions.first {
            guard hosts.sources.isEmpty, chosenProcesses.isEmpty, keptSessions.count == 1 else {
                throw UsageError(
                    .invalidArgument,
                    "A kept session is one target, and another target is given as well; give one."
                )
            }
            invocation.targets = .kept(session)
        }
        return invocation
    }

    /// The playbook whose blocks are wanted.
    func blocks(_ playbook: String?) throws(UsageError) -> RunInvocation {
        let format = run.output.format
        guard format != .junit, format != .nagios else {
            throw UsageError(
                .invalidArgument,
                "--format \(format.rawValue) tells of a run; blocks takes text, json or jsonl."
            )
        }
        return try run(playbook)
    }

    private func checkService() throws(UsageError) {
        let given = [
            ssh.command.map { _ in "--exec" }, ssh.drivesShell ? "--shell" : nil,
            ssh.subsystem == SSHChoices().subsystem ? nil : "--subsystem",
        ].compactMap(\.self)
        guard given.count > 1 else { return }
        throw UsageError(
            .invalidArgument,
            "\(given[0]) and \(given[1]) both say what speaks PSRP on the far side; give one."
        )
    }

    private func checkOutput() throws(UsageError) {
        let output = run.output
        guard output.format == .text || !output.isLive else {
            throw UsageError(
                .invalidArgument,
                "--live prints text as it comes, and --format is \(output.format.rawValue)."
            )
        }
        guard output.format != .nagios || !run.exitFromSession else {
            throw UsageError(
                .invalidArgument,
                "--format nagios and --exit-from-session both say what psrun ends with; give one."
            )
        }
        guard output.file == nil || output.file != output.metricsFile else {
            throw UsageError(.invalidArgument, "--output and --metrics-file name the same file.")
        }
    }

    /// The hosts of `psrun targets`.
    func targets() throws(UsageError) -> TargetsInvocation {
        guard !hosts.sources.isEmpty else {
            throw UsageError(
                .missingArgument,
                "No target is named: give --host, -w, -i, -ComputerName or -ConnectionUri."
            )
        }
        try checkHosts()
        return TargetsInvocation(hosts: selectedHosts, choices: ssh, shard: shard, format: targetsFormat)
    }

    /// The hosts, with what those share that are entered over WinRM: -Port is SSH's where no computer is named.
    private var selectedHosts: HostSelection {
        var selected = hosts
        selected.winRM = winRM
        if !hosts.sources.contains(where: \.isComputer) { selected.winRM.port = nil }
        return selected
    }

    private func checkHosts() throws(UsageError) {
        if hosts.sources.count(where: { $0 == .standardInput }) > 1 {
            throw UsageError(.givenTwice, "Standard input can be read once; give --host - once.")
        }
        guard hosts.limit == nil || hosts.hasInventory else {
            throw UsageError(.missingParameter, "--limit limits an inventory: give -i as well.")
        }
        try checkRedirection()
        let isWinRM = hosts.sources.contains { $0.mayBeWinRM }
        if !isWinRM, let option = given.first(where: { $0.option.group == .winRM })?.option {
            throw UsageError(
                .parameterSets,
                "\(option.spellings.last ?? "") is WinRM's, and no target is entered over it: give -ComputerName, "
                    + "-ConnectionUri or an inventory."
            )
        }
    }

    /// What a person types beside nothing that it could be of use to.
    private func checkRedirection() throws(UsageError) {
        guard given.contains(where: { $0.option.long == "redirect-to" }), winRM.allowsRedirection != true else {
            return
        }
        throw UsageError(
            .missingParameter,
            "--redirect-to says where -AllowRedirection may take the credentials: give -AllowRedirection as well."
        )
    }

    private func checkSecrets() throws(UsageError) {
        let sources = run.credentials
        let passwords = [
            sources.passwordFile.map { _ in "--password-file" },
            sources.passwordCommand.map { _ in "--password-command" },
            sources.passwordCredential.map { _ in "--password-credential" },
            sources.asksPassword ? "--ask-password" : nil,
        ]
        let passphrases = [
            sources.passphraseFile.map { _ in "--passphrase-file" },
            sources.passphraseCredential.map { _ in "--passphrase-credential" },
        ]
        for (options, secret) in [(passwords, "password"), (passphrases, "passphrase")] {
            let given = options.compactMap(\.self)
            guard given.count > 1 else { continue }
            throw UsageError(.invalidArgument, "\(given[0]) and \(given[1]) both give the \(secret); give one.")
        }
    }

    /// What a session may take to open, where nothing but the options of a host says so.
    var limitOfConnecting: Duration? {
        connectingTimeout ?? (run.cron ? RunInvocation.cronConnectingTimeout : nil)
    }

    private func source(_ playbook: String?) throws(UsageError) -> PlaybookSource {
        guard let playbook else { return .lines(lines) }
        guard lines.isEmpty else {
            let hint = Habit.hostHint([playbook]).map { " " + $0 } ?? ""
            throw UsageError(
                .unexpectedArgument,
                "-c gives the lines to run, so '\(printable(playbook))' cannot be the playbook as well.\(hint)"
            )
        }
        guard playbook == "-" else { return .file(playbook) }
        guard !hosts.sources.contains(.standardInput) else {
            throw UsageError(.givenTwice, "Standard input can be read once: as the playbook (-), or with --host -.")
        }
        return .standardInput
    }
}
