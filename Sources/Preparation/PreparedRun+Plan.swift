package import Fleet
import PSRunCommandLine
import Playbooks
import RecordingFormat
import SSHTransport
import Sessions
import Targets

extension PreparedRun {
    /// The run as the engine takes it.
    /// - Parameters:
    ///   - columns: the console's width.
    ///   - version: psrun's own, for the recording.
    package func plan(columns: Int, version: String) -> RunPlan {
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
            session: session(columns: columns),
            recording: recording,
            startedSeconds: startedSeconds,
            environment: environment
        )
        plan.clock = clock
        plan.fanout = invocation.fanout
        plan.connectingTimeout = invocation.connectingTimeout
        plan.secrets = secretFiles.known
        plan.passwordCommand = invocation.credentials.passwordCommand
        plan.tracesProtocol = invocation.tracesProtocol
        switch invocation.targets {
        case .local, .process: break
        case .ssh(_, let choices): plan.ssh = choices.forTransport
        }
        return plan
    }

    /// How each session is run.
    private func session(columns: Int) -> SessionOptions {
        var options = SessionOptions(target: "", label: "", computerName: "")
        options.language = invocation.anyShell ? nil : PlaybookLanguage(fileName: playbookName)
        options.blockRule =
            switch invocation.blocks.rule {
            case .powershell: .parser
            case .incremental: .incremental
            case .console: .console
            }
        options.maximumBlockLines = invocation.blocks.maximumLines
        options.profile = invocation.loadProfile
        options.stopsOnError = invocation.errorAction == .stop
        // They are told one by one: a million of them are too many to be held, and forty of megabytes each as well.
        options.keepsSteps = false
        options.answers = answers
        options.asksPerson = invocation.prompts.asksPerson
        options.columns = columns
        options.limits.step = invocation.limits.step
        options.limits.target = invocation.limits.target
        options.limits.runBy = invocation.limits.run
        options.limits.grace = invocation.limits.grace
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
