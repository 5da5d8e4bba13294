import Configuration
import Files
package import Fleet
package import PSRunCommandLine
import Playbooks
import RecordingFormat
import SSHTransport
import Sessions
import Sharding
import Targets

extension PreparedRun {
    /// The run as the engine takes it.
    /// - Parameters:
    ///   - columns: the console's width.
    ///   - version: psrun's own, for the recording.
    ///   - kept: the options that are recorded.
    package func plan(columns: Int, version: String, kept: KeptOptions = KeptOptions()) -> RunPlan {
        var recording = RecordingPlan(psrunVersion: version)
        recording.folder = invocation.recordings
        recording.onFailure = invocation.onRecordFailure.policy
        recording.retainUntilSeconds = retainUntilSeconds
        recording.seal = invocation.seal.options(environment: environment)
        var plan = RunPlan(
            playbook: playbook,
            playbookName: playbookName,
            playbookBytes: playbookBytes,
            targets: targets,
            session: session(invocation, answers, columns: columns),
            recording: recording,
            startedSeconds: startedSeconds,
            environment: environment
        )
        plan.recording.options = options(kept)
        plan.recording.places = places
        plan.continued = past?.continued
        plan.clock = clock
        plan.shard = division.shard.map {
            RunShard(index: $0.index, count: $0.count, names: division.names, positions: division.positions)
        }
        plan.fanout = invocation.fanout
        plan.connectingTimeout = invocation.connectingTimeout
        plan.kinds = kinds.map { kind in
            TargetKind(
                session: session(kind.choices.run, kind.answers, columns: columns),
                connectingTimeout: kind.choices.run.connectingTimeout
            )
        }
        plan.secrets = secretSources
        plan.tracesProtocol = invocation.tracesProtocol
        switch invocation.targets {
        case .local, .process, .kept, .containers: break
        case .ssh(_, let choices):
            plan.ssh = choices.forTransport
            plan.ssh.completeJumpHost = { [settings, shared = plan.ssh] in settings.completing($0, shared) }
        }
        return plan
    }

    /// Where the secrets of all hosts come from, jump hosts among them.
    private var secretSources: SecretSources {
        var sources = SecretSources()
        sources.password = password
        sources.passphrase = passphrase
        for kind in kinds {
            if let (key, text) = kind.passphrase { sources.passphraseOfKey[key] = text }
        }
        var ofTargets: [String: SecretSources.Password] = [:]
        for target in targets where target.kind > 0 {
            ofTargets[target.ssh?.displayName ?? target.name] = kinds[target.kind - 1].password
        }
        for (name, password) in inventoryPasswords { ofTargets[name] = .known(password) }
        guard settings.hasGroups else {
            if !ofTargets.isEmpty { sources.passwordOfHost = { [ofTargets] in ofTargets[$0] } }
            return sources
        }
        sources.passwordOfHost = { [settings, environment, ofTargets] name in
            if let password = ofTargets[name] { return password }
            guard let (host, _) = JumpHostList.last(of: name) else { return nil }
            return settings.ownChoices(of: host)?.run.credentials.passwordWhenNeeded(environment)
        }
        return sources
    }

    /// The playbook's file, from the root; nil where it is none.
    private var playbookPath: String? {
        guard case .file(let path) = invocation.playbook else { return nil }
        return FilePaths.resolved(path)
    }

    private var way: RecordedOptions.Way {
        switch invocation.targets {
        case .local: .local
        case .process: .process
        case .kept: .session
        case .containers: .container
        case .ssh: .ssh
        }
    }

    /// What the recording keeps of how the run was asked for; nil where that is too long to be kept.
    private func options(_ kept: KeptOptions) -> RecordedOptions? {
        let kinds = past == nil ? kinds.map { kept.ofKind($0.choices.configured) } : kept.kinds
        let options = RecordedOptions(
            way: way,
            arguments: kept.arguments,
            withheld: kept.withheld,
            playbook: past == nil ? playbookPath : past?.playbookPath,
            kinds: kinds.map { RecordedKind(arguments: $0.arguments, withheld: $0.withheld) }
        )
        return options.encoded.count <= RecordedOptions.mostBytes ? options : nil
    }

    /// By the targets' places: how those are reached whose names do not tell.
    private var places: [Int: RecordedPlace] {
        let choices = if case .ssh(_, let choices) = invocation.targets { choices } else { SSHChoices() }
        let recorded = RecordedTargets(way, choices, kinds: kinds.map(\.choices))
        var places: [Int: RecordedPlace] = [:]
        for (index, target) in targets.enumerated() { places[index] = recorded.place(of: target) }
        return places
    }

    /// How the sessions of a kind are run; the run's limit is all kinds'.
    private func session(_ own: RunInvocation, _ answers: [AnswerRule], columns: Int) -> SessionOptions {
        var options = SessionOptions(target: "", label: "", computerName: "")
        options.language = own.anyShell ? nil : PlaybookLanguage(fileName: playbookName)
        options.blockRule =
            switch own.blocks.rule {
            case .powershell: .parser
            case .incremental: .incremental
            case .console: .console
            }
        options.maximumBlockLines = own.blocks.maximumLines
        options.profile = own.loadProfile
        options.stopsOnError = own.errorAction == .stop
        // They are told one by one: a million of them are too many to be held, and forty of megabytes each as well.
        options.keepsSteps = false
        options.answers = answers
        options.asksPerson = invocation.prompts.asksPerson
        options.columns = columns
        options.limits.step = own.limits.step
        options.limits.target = own.limits.target
        options.limits.runBy = invocation.limits.run
        options.limits.grace = own.limits.grace
        return options
    }
}

extension RunInvocation.RecordFailurePolicy {
    fileprivate var policy: RunPlan.RecordFailurePolicy {
        switch self {
        case .stop: .stop
        case .finishStep: .finishStep
        case .continue: .continue
        }
    }
}
