import EventLoops
import Files
package import Fleet
import Glibc
import Nights
package import PSRunCommandLine
package import Preparation
import Processes
package import Recording
import RecordingFormat
package import RecordingSearch
package import Reports
import Results
import Schedules
import Sessions
import Synchronization
import Threads

/// One run by the clock (`--cron`): it waits for its turn, holds its lock, tells the service manager how it goes, says
/// nothing when all is well, and otherwise prints one report.
package final class NightRun: NightSink {
    /// So long a night may be compared with the last good one.
    private static let patience = Duration.seconds(60)

    private let signals = SignalWatch.ofThisProcess
    package let control = RunControl()
    private let playbook: String
    private let environment: [String: String]
    private let complain: @Sendable (String) -> Void
    private let manager: ServiceNotifier?
    private let log = Mutex(NightLog())
    /// How many, once the sessions begin.
    private let targets = Mutex<Int?>(nil)
    private let held = Mutex<LockedNight?>(nil)

    private init(
        _ invocation: RunInvocation,
        _ environment: [String: String],
        _ complain: @escaping @Sendable (String) -> Void
    ) {
        playbook = invocation.playbook.name
        self.environment = environment
        self.complain = complain
        manager = ServiceNotifier(environment: environment)
    }

    /// Waits as long as `--splay` says for this computer, and does the run.
    /// - Parameter complain: writes a line to standard error, before there is a run.
    /// - Returns: the program's exit code.
    package static func run(
        _ invocation: RunInvocation,
        _ environment: [String: String],
        complain: @escaping @Sendable (String) -> Void,
        _ body: (NightRun) async -> Int32
    ) async -> Int32 {
        ServiceNotifier.hideFromPrograms()
        let night = NightRun(invocation, environment, complain)
        do throws(NoDescriptor) {
            try night.watchSignals()
        } catch {
            complain("cannot begin the run: \(error.reason). \(error.cure)")
            return ExitCode.notAllWell.number
        }
        if let splay = invocation.splay {
            let name = FilePaths.name(of: night.playbook)
            try? await Task.sleep(for: Splay.delay(within: splay, host: ThisComputer.name, playbook: name))
        }
        return await body(night)
    }

    // MARK: Signals

    /// Before anything has begun, a signal is told and ends psrun; later it stops the run, which tells of it.
    private func watchSignals() throws(NoDescriptor) {
        try signals.listen(
            onFirst: { [self] in
                guard targets.withLock({ $0 }) == nil, let number = signals.received else {
                    return control.stop(.interrupt)
                }
                let name = SignalName.of(number)
                complain("\(playbook): ended by \(name) before anything ran, exit code \(128 + number)")
                signals.leave(for: number)
            },
            onSecond: {}
        )
    }

    // MARK: The lock

    /// Takes the lock of this playbook and these targets.
    /// - Throws: CommandFailure, locked: another run has it.
    package func lock(_ prepared: PreparedRun) throws(CommandFailure) {
        let now = Int64(time(nil))
        let name = NightLock.fileName(
            playbook: prepared.invocation.playbook.identity(prepared.playbookBytes),
            title: prepared.playbookName,
            targets: prepared.targets.map(\.name)
        )
        let home = environment["HOME"] ?? UserAccount.ofThisProcess?.home
        let holder = NightLock.Holder(process: getpid(), sinceSeconds: now)
        // An account of a service may have neither a home nor a runtime folder.
        let recordings = try? RunStore.standard(option: prepared.invocation.recordings, environment: environment)
        do throws(LockedNight.Failure) {
            let lock = try LockedNight(
                name,
                in: NightLock.folders(environment: environment, home: home),
                else: recordings.map { "\($0.folder)/locks" },
                holder: holder
            )
            held.withLock { $0 = lock }
        } catch {
            switch error {
            case .held(let holder):
                throw CommandFailure(.locked, NightLock.message(playbook: playbook, holder: holder, now: now))
            case .unusable(let why):
                throw CommandFailure(
                    .notAllWell,
                    "\(playbook): its lock cannot be taken: \(why). "
                        + "Set XDG_STATE_HOME to a folder that can be written."
                )
            }
        }
    }

    // MARK: While it runs

    /// The sessions begin.
    package func begin(targets count: Int) {
        targets.withLock { $0 = count }
        manager?.tell(.ready, .status(ended: 0, of: count))
        manager?.beginSignsOfLife()
    }

    package func note(word: String) { log.withLock { $0.add(word: word) } }

    package func note(_ target: TargetInBrief, at index: Int) {
        let failing =
            target.isWell
            ? nil
            : NightTarget(
                name: target.name,
                ending: target.ending,
                code: target.result.failure?.code,
                reasons: target.reasons
            )
        let ended = log.withLock { log in
            log.add(outcome: target.result.judgedOutcome.rawValue, notWell: failing, at: index)
            return log.ended
        }
        manager?.tell(.status(ended: ended, of: targets.withLock { $0 } ?? ended))
    }

    // MARK: The report

    /// Prints the report, where there is one.
    /// - Parameter masks: what of an output is taken for equal, where it is compared with another night's.
    package func report(
        _ verdict: RunVerdict,
        _ prepared: PreparedRun,
        exitCode: Int32,
        mask: SecretMask,
        masks: @escaping @Sendable () -> Result<OutputMasks, RecordingError>
    ) async {
        manager?.tell(.stopping)
        guard exitCode != 0 else { return }
        let report = NightReport(
            playbook: mask.masked(playbook),
            host: ThisComputer.name,
            exitCode: exitCode,
            signal: verdict.signal.map(SignalName.of),
            targets: prepared.targets.count,
            started: UTCTime(secondsSince1970: prepared.startedSeconds).extended,
            took: readable(microseconds: Int64(verdict.duration / .microseconds(1))),
            recording: verdict.folder.map { FilePaths.resolved($0) ?? $0 },
            log: log.withLock { $0 },
            baseline: await baseline(of: verdict, masks)
        )
        _ = report.text.map { ThisProcess.write($0, to: STDOUT_FILENO) }
    }

    private func baseline(
        of verdict: RunVerdict,
        _ masks: @escaping @Sendable () -> Result<OutputMasks, RecordingError>
    ) async -> NightBaseline {
        guard let folder = verdict.folder else { return .notRecorded }
        guard verdict.signal == nil else { return .notCompared("a signal ended the run") }
        let found = Promise<NightBaseline>()
        let isStarted = startThread(named: "psrun-verb") {
            do throws(RecordingError) {
                found.succeed(NightHistory(masks: try masks().get()).baseline(of: folder))
            } catch {
                found.succeed(.notCompared(error.message))
            }
        }
        guard isStarted else { return .notCompared("the system has no thread left") }
        let clock = Task {
            try await Task.sleep(for: Self.patience)
            found.succeed(.notCompared("it took longer than a minute"))
        }
        defer { clock.cancel() }
        return (try? await found.value()) ?? .notRecorded
    }
}

extension PlaybookSource {
    /// What makes two runs those of the same playbook: the file, or the text where there is none.
    fileprivate func identity(_ bytes: [UInt8]) -> String {
        switch self {
        case .file(let path): FilePaths.resolved(path) ?? path
        case .standardInput, .lines: String(decoding: bytes, as: UTF8.self)
        }
    }
}
