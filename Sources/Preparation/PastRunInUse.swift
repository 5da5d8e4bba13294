import Files
import Fleet
package import PSRunCommandLine
package import PastRuns
import Playbooks
import Recording
package import RecordingFormat
import Targets
import WinRMParameters

/// A recorded run that a verb takes up again: its record, and how it is run now.
package struct PastRunInUse: Sendable {
    package let past: PastRun
    /// With neither playbook nor hosts.
    package let invocation: RunInvocation
    /// The options that the new run keeps.
    package let kept: KeptOptions
    private let options: RecordedOptions
    /// What the kinds of hosts have; the first one's number is 1.
    private let kinds: [HostChoices]
    /// What is given now of the way over WinRM.
    private let winRM: WSManParameters

    /// - Parameters:
    ///   - name: of the run, as it was given.
    ///   - given: what goes before the recorded options.
    ///   - locks: whether the run is to be continued.
    /// - Throws: CommandFailure, with what is wrong and the way out.
    package init(
        _ name: String,
        in recordings: String?,
        given: [GivenOption],
        locks: Bool,
        environment: [String: String],
        remark: @escaping @Sendable (String) -> Void
    ) throws(CommandFailure) {
        do throws(RecordingError) {
            let store = try RunStore.standard(option: recordings, environment: environment)
            let run = try Self.find(name, in: store, remark)
            options = try Self.options(of: run)
            let arguments: [String]
            var argumentsOfKinds: [[String]] = []
            do throws(UsageError) {
                arguments = try KeptOptions.merged(options.arguments, with: given)
                var kinds: [HostChoices] = []
                for kind in options.kinds {
                    argumentsOfKinds.append(try KeptOptions.merged(kind.arguments, with: given))
                    kinds.append(try KeptOptions.choices(argumentsOfKinds[kinds.count]))
                }
                self.kinds = kinds
                winRM = try KeptOptions.choices(given.map(\.argument)).winRM
                invocation = try KeptOptions.run(arguments, isLocal: options.way == .local)
                let before = try KeptOptions.run(options.arguments, isLocal: options.way == .local)
                if locks { try Self.requireProof(of: run, before) }
            } catch {
                throw RecordingError(.notFound, "The recorded options of \(run.name) cannot be used: \(error.message)")
            }
            let withheld = [options.withheld] + options.kinds.map(\.withheld)
            for (arguments, withheld) in zip([arguments] + argumentsOfKinds, withheld) {
                try Self.requireWhole(arguments, given, withheld: withheld, of: run)
            }
            let folder = FilePaths.resolved(".") ?? "."
            var kept = KeptOptions(of: arguments, in: folder)
            kept.kinds = argumentsOfKinds.map { KeptOptions(of: $0, in: folder) }
            self.kept = kept
            past = try PastRun(
                run,
                locks: locks,
                seal: invocation.seal.options(environment: environment),
                remark: remark
            )
        } catch {
            throw CommandFailure(error.exitCode, error.message)
        }
    }

    /// What the new run has from the record.
    /// - Parameters:
    ///   - targets: names, and what was recorded beside them.
    ///   - continued: nil for a run from the beginning.
    /// - Throws: CommandFailure, usage.
    package func source(
        _ targets: [(name: String, place: RecordedPlace?)],
        continued: ContinuedRun?
    ) throws(CommandFailure) -> RecordedSource {
        let gone: String? =
            switch options.way {
            case .process: "a process that ran already, and its session is gone with its end"
            case .session: "a kept session, which may have been visited since, or be gone"
            case .local, .ssh, .container: nil
            }
        if let gone {
            throw CommandFailure(.usage, "\(past.run.name) entered \(gone). Run the playbook itself.")
        }
        let bytes = past.playbookBytes
        guard let playbook = try? Playbook(bytes: bytes), !playbook.text.contains("[redacted:") else {
            throw CommandFailure(
                .usage,
                "A secret was replaced in the recorded playbook of \(past.run.name), so it is not what ran. Run the playbook's "
                    + "own file."
            )
        }
        let choices = if case .ssh(_, let choices) = invocation.targets { choices } else { SSHChoices() }
        let recorded = RecordedTargets(options.way, choices, kinds: kinds, winRM: winRM)
        var found: [RunTarget] = []
        for (name, place) in targets {
            guard let target = recorded.target(named: name, place) else {
                throw CommandFailure(
                    .usage,
                    "The recording of \(past.run.name) does not tell how \(name) is reached: a secret was replaced there. Name "
                        + "the host to a run of the playbook itself."
                )
            }
            found.append(target)
        }
        return RecordedSource(
            playbook: playbook,
            playbookBytes: bytes,
            playbookPath: options.playbook,
            targets: found,
            kinds: kinds,
            continued: continued
        )
    }

    /// The run as it is asked for now.
    package var request: RunInvocation {
        var request = invocation
        request.playbook = .file(past.manifest.playbookName)
        request.recordings = past.run.recordingsFolder
        return request
    }

    /// What to say where the playbook's file is not what it was; nil where it is, or is gone.
    package var wordOnChange: String? {
        guard let path = options.playbook,
            let bytes = try? FileContents.read(path, limit: FileContents.textBytes, kind: .regular),
            bytes != past.playbookBytes
        else { return nil }
        return "\(path) has changed since \(past.run.name): the recorded text is what runs"
    }

    // MARK: The record

    /// `last` may be a run of a moment that was killed before its first record: it touched nothing.
    private static func find(
        _ name: String,
        in store: RunStore,
        _ remark: (String) -> Void
    ) throws(RecordingError) -> RecordedRun {
        let run = try store.run(name)
        guard name == "last", case .killed(nil) = run.state else { return run }
        for earlier in try store.runs().reversed() {
            if case .killed(nil) = earlier.state { continue }
            remark(
                "\(run.name) was killed before its first record and touched nothing; \(earlier.name) is taken instead"
            )
            return earlier
        }
        return run
    }

    private static func options(of run: RecordedRun) throws(RecordingError) -> RecordedOptions {
        if let options = run.options { return options }
        switch run.state {
        case .killed(nil):
            throw RecordingError(
                .truncated,
                "\(run.name) holds nothing: psrun was killed before its first record, and so before any target was touched. "
                    + "Run the playbook itself."
            )
        case .running(nil): throw RecordingError(.running, "\(run.name) is still in progress. Let it end first.")
        case .pruned, .damaged, .unreadable: try run.requireSealed()
        case .sealed, .running, .killed: break
        }
        throw RecordingError(
            .notFound,
            "The recording of \(run.name) does not tell by which options it was run (an early psrun did not keep them, and of "
                + "more than \(RecordedOptions.mostBytes >> 10) KiB none are kept). Run the playbook itself."
        )
    }

    /// - Throws: where the recording may lack lines that were sent.
    private static func requireProof(of run: RecordedRun, _ before: RunInvocation) throws(UsageError) {
        let isWhole = run.manifest.map { !$0.recovered } ?? run.isRunning
        guard before.onRecordFailure == .continue, !isWhole else { return }
        throw UsageError(
            .invalidArgument,
            "it was to go on without its recording (--on-record-failure continue), so nothing proves which lines did not run. "
                + "`psrun rerun \(run.name)` sends everything once more."
        )
    }

    /// - Throws: where the record lacks something because it is a secret.
    private static func requireWhole(
        _ arguments: [String],
        _ given: [GivenOption],
        withheld: [String],
        of run: RecordedRun
    ) throws(RecordingError) {
        if let tagged = arguments.first(where: { $0.contains("[redacted:") }) {
            let name = tagged.prefix { $0 != "=" }
            throw RecordingError(
                .notFound,
                "A secret was replaced in the recorded \(name) of \(run.name). Give \(name) again."
            )
        }
        for name in Set(withheld).sorted() {
            let count = withheld.count { $0 == name }
            guard given.count(where: { $0.name == name }) < count else { continue }
            throw RecordingError(
                .notFound,
                "\(run.name) was run with \(count) --\(name), which may hold a secret and so \(count == 1 ? "is" : "are") not "
                    + "recorded. Give --\(name) again."
            )
        }
    }
}
