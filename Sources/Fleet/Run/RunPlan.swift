package import Connections
import MachineTransport
package import Playbooks
package import RecordingFormat
package import SSHTransport
package import Sessions
import WinRMParameters

/// One run, checked: a playbook, its targets, and how their sessions are entered, run and recorded.
package struct RunPlan: Sendable {
    /// What becomes of the sessions where the recording cannot be kept any more.
    package enum RecordFailurePolicy: Sendable {
        /// They are stopped at once.
        case stop
        /// The steps that are under way end, and no other begins.
        case finishStep
        case `continue`
    }

    package var playbook: Playbook
    /// The playbook's file name, without its folder.
    package var playbookName: String
    /// The file as it was read.
    package var playbookBytes: [UInt8]
    /// In the order in which they begin, and in which results are told.
    package var targets: [RunTarget]
    /// nil where these are all that were selected.
    package var shard: RunShard?
    /// How many targets run at once.
    package var fanout = 64
    /// From the first system call to an opened pool; nil for no bound.
    package var connectingTimeout: Duration?
    /// What all sessions share; the names of its target are put in for each.
    package var session: SessionOptions
    /// What all SSH targets share; who is asked for secrets and about host keys is put in when the run begins.
    package var ssh = SSHOptions()
    /// What targets have in place of `session` and `connectingTimeout`, by their kind, of which the first is 1.
    package var kinds: [TargetKind] = []
    /// Where secrets come from.
    package var secrets = SecretSources()
    package var recording: RecordingPlan
    /// What reaches a target in place of the ways in: a simulated far side's. Nil for these.
    package var simulation: (@Sendable (RunTarget) -> any SessionTransport)?
    /// The run that this one continues, and where each target begins; nil for one that begins at the beginning.
    package var continued: ContinuedRun?
    /// Whether anything is left of the run on disk.
    package var isRecorded = true
    package var tracesProtocol = false
    /// What the run's limits go by, from its beginning on.
    package var clock = RunClock()
    /// Seconds since 1970, UTC: when the run began.
    package var startedSeconds: Int64
    package var environment: [String: String]

    package init(
        playbook: Playbook,
        playbookName: String,
        playbookBytes: [UInt8],
        targets: [RunTarget],
        session: SessionOptions,
        recording: RecordingPlan,
        startedSeconds: Int64,
        environment: [String: String]
    ) {
        self.playbook = playbook
        self.playbookName = playbookName
        self.playbookBytes = playbookBytes
        self.targets = targets
        self.session = session
        self.recording = recording
        self.startedSeconds = startedSeconds
        self.environment = environment
    }

    /// How the session with one of the targets is run.
    /// - Parameter index: its place among the run's.
    func options(for target: RunTarget, at index: Int) -> SessionOptions {
        var options = kind(of: target).session
        options.start = start(at: index)
        options.target = target.name
        options.label = target.label
        options.computerName = target.computerName
        options.farEndpoint = farEndpoint(of: target)
        return options
    }

    private func farEndpoint(of target: RunTarget) -> FarEndpoint {
        if case .kept = target.place { return .kept }
        if case .machine(let machine, _) = target.place, machine.way == .channel { return .other }
        if target.winRM != nil { return .service }
        guard let place = target.ssh else { return .other }
        if case .command = ssh.applied(to: place).service { return .command }
        return .subsystem
    }

    /// Where the session of a target begins in the playbook.
    private func start(at index: Int) -> SessionStart {
        var start = SessionStart()
        guard let starts = continued?.starts, starts.indices.contains(index) else { return start }
        let recorded = starts[index]
        start.ran = recorded.ran.map { .init(through: $0.through, run: $0.run) }
        start.doubt = recorded.doubt.map { .init($0.lines, run: $0.run) }
        if let doubt = recorded.doubt, recorded.isHeld { start.refusal = .lineInDoubt(targets[index].name, doubt) }
        return start
    }

    /// What a target has of its own, or shares with all.
    func kind(of target: RunTarget) -> TargetKind {
        kinds.indices.contains(target.kind - 1)
            ? kinds[target.kind - 1] : TargetKind(session: session, connectingTimeout: connectingTimeout)
    }

    /// How long the opening of a target's session may take; nil for no bound. WinRM's OpenTimeout may say less.
    func connectingTimeout(of target: RunTarget) -> Duration? {
        let limits = [kind(of: target).connectingTimeout, openTimeout(of: target)]
        return limits.compactMap(\.self).min()
    }

    /// WinRM's own limit: where nothing was said of any, New-PSSessionOption's 180 s.
    private func openTimeout(of target: RunTarget) -> Duration? {
        target.winRM.flatMap {
            $0.options.openTimeout ?? (kind(of: target).connectingTimeout == nil ? .seconds(180) : nil)
        }
    }

    /// What set that: an option that the target's way in takes, as PowerShell's parameter sets have it.
    func connectingTimeoutName(of target: RunTarget) -> String {
        if let own = openTimeout(of: target), kind(of: target).connectingTimeout.map({ own < $0 }) ?? true {
            return "-SessionOption OpenTimeout"
        }
        return switch target.place {
        case .local, .pipe, .kept, .ssh: ConnectingDeadline.parameter
        case .container, .machine, .winRM: "--connecting-timeout"
        }
    }

    /// Changes how every session is run.
    package mutating func changeSessions(_ change: (inout SessionOptions) -> Void) {
        change(&session)
        for index in kinds.indices { change(&kinds[index].session) }
    }
}

extension TargetFailure {
    /// A target with a line that nobody knows the fate of: later lines may depend on it.
    fileprivate static func lineInDoubt(_ target: String, _ doubt: TargetStart.Doubt) -> TargetFailure {
        let (first, last) = (doubt.lines.lowerBound, doubt.lines.upperBound)
        let place = first == last ? "line \(first)" : "lines \(first) to \(last)"
        return TargetFailure(
            code: "LineInDoubt",
            message:
                "\(target): not entered, because \(place) may have run in \(doubt.run), and later lines may depend on that. Look"
                + " there what it did; `psrun resume last --repeat-unknown \(target):\(first)` sends it once more"
        )
    }
}

/// How the sessions of some targets are run.
package struct TargetKind: Sendable {
    package var session: SessionOptions
    /// From the first system call to an opened pool; nil for no bound.
    package var connectingTimeout: Duration?

    package init(session: SessionOptions, connectingTimeout: Duration?) {
        self.session = session
        self.connectingTimeout = connectingTimeout
    }
}

/// The part of a selection that a run's targets are.
package struct RunShard: Sendable {
    /// From 0.
    let index: Int
    let count: Int
    /// Of all targets that were selected, in their order.
    let names: [String]
    /// Where the run's targets stand among them, in their order.
    let positions: [Int]

    package init(index: Int, count: Int, names: [String], positions: [Int]) {
        (self.index, self.count, self.names, self.positions) = (index, count, names, positions)
    }
}
