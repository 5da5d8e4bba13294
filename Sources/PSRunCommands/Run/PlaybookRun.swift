import CLinux
import EventLoops
import Fleet
import Glibc
import PSRP
import PSRunCommandLine
import Processes
import Recording
import RecordingFormat
import SessionCryptography
import Sessions
import Synchronization

/// One run: recorder, signals, targets, result.
struct PlaybookRun: Sendable {
    private let prepared: PreparedRun
    private let output: RunOutput
    private let clock: RunClock
    private let heartbeat: Heartbeat
    private let control = RunControl()
    private let signals = SignalWatch()
    private let mask: SecretMask
    private let person = isatty(STDIN_FILENO) != 0 ? PersonAtTerminal() : nil

    private var invocation: RunInvocation { prepared.invocation }

    init(_ prepared: PreparedRun, _ output: RunOutput, _ mask: SecretMask) {
        self.prepared = prepared
        self.output = output
        self.mask = mask
        clock = RunClock()
        heartbeat = Heartbeat(clock)
    }

    /// - Returns: the program's exit code.
    func run() async -> Int32 {
        signals.start(
            onFirst: { [control, output] in
                control.stop(.interrupt)
                output.remark("stopping what runs; once more leaves at once")
            },
            onSecond: { [person] in
                person?.restore()
                LivingProcesses.endAll(within: .milliseconds(500))
            }
        )
        var verdict = RunVerdict()
        verdict.takesExitFromSession = invocation.exitFromSession
        let recorder: RunRecorder?
        do throws(RecordingError) {
            recorder = try await makeRecorder()
        } catch {
            output.complain(error.message)
            guard invocation.onRecordFailure == .continue else {
                verdict.isRecordingLost = true
                return await end(verdict, folder: nil)
            }
            recorder = nil
            verdict.isRecordingIncomplete = true
        }
        // Sessions run where their connections are: no thread wakes another for each of their steps.
        verdict.targets = await withTaskExecutorPreference(EventLoop.shared.taskExecutor) { [recorder] in
            await heartbeat.during { await runTargets(recorder) }
        }
        await signals.goOnUnlessLeaving()
        verdict.signal = signals.received
        // Whoever is still asked is so no more.
        person?.restore()
        if let recorder { await seal(recorder, &verdict) }
        return await end(verdict, folder: recorder?.folder)
    }

    private func runTargets(_ recorder: RunRecorder?) async -> [TargetResult] {
        let results = Mutex<[Int: TargetResult]>([:])
        let credentials = RunCredentials(
            prepared.secretFiles,
            passwordCommand: invocation.credentials.passwordCommand,
            environment: prepared.environment,
            person: person,
            clock: clock,
            control: control,
            mask: mask
        )
        let transports = Transports(
            invocation,
            environment: prepared.environment,
            credentials: credentials.source,
            person: person,
            clock: clock,
            control: control,
            warn: { [output] in output.remark($0) }
        )
        let client = ClientConfiguration(
            host: HostDescription(columns: Int32(output.columns), rows: 50, title: "psrun")
        )
        await forEachConcurrently(prepared.targets.count, limit: invocation.fanout) { index in
            let target = prepared.targets[index]
            let recording = recorder.map { begin(target, index, $0) }
            var options = prepared.options(for: target, columns: output.columns, isAtTerminal: output.isAtTerminal)
            options.awaitsRecording = recording != nil && invocation.onRecordFailure != .continue
            let plan = TargetPlan(
                transport: transports.transport(to: target),
                playbook: prepared.playbook,
                options: options,
                client: client,
                cryptography: OpenSSLSessionKeyCryptography(),
                connectingTimeout: invocation.connectingTimeout,
                trace: invocation.tracesProtocol ? ProtocolTrace { [mask] in mask.masked($0) } : nil
            )
            let watcher = TargetWatcher(
                target,
                index: index,
                output: output,
                recording: recording,
                control: control,
                person: person,
                mask: mask
            )
            heartbeat.add(watcher) { watcher.beat(at: $0) }
            defer { heartbeat.remove(watcher) }
            let result = await TargetDriver(
                plan,
                clock: clock,
                heartbeat: heartbeat,
                control: control,
                observer: watcher
            ).run()
            results.withLock { $0[index] = result }
        }
        await transports.close()
        return results.withLock { results in results.sorted { $0.key < $1.key }.map(\.value) }
    }

    private func end(_ verdict: RunVerdict, folder: String?) async -> Int32 {
        let exitCode = verdict.exitNumber
        // The run's own name is psrun's; a user named the folders that it is in.
        let run = folder.map { String($0.split(separator: "/").last ?? "") }
        output.report(
            RunRecord(
                run: run,
                playbook: mask.masked(invocation.playbook),
                recording: run.flatMap { run in folder.map { mask.masked(String($0.dropLast(run.count))) + run } },
                exitCode: exitCode,
                startedSeconds: prepared.startedSeconds,
                durationMicroseconds: clock.now.elapsed.microseconds
            )
        )
        let isWhole = await output.finish()
        return isWhole || exitCode != 0 ? exitCode : ExitCode.notAllWell.number
    }
}

/// The recording of a run.
extension PlaybookRun {
    private func makeRecorder() async throws(RecordingError) -> RunRecorder {
        let store = try RunStore.standard(option: invocation.recordings, environment: prepared.environment)
        let description = RunDescription(
            playbookName: mask.masked(prepared.playbookName),
            playbookBytes: mask.masked(playbook: prepared.playbookBytes),
            startedSeconds: prepared.startedSeconds,
            psrunVersion: Version.current,
            targets: prepared.targets.map { mask.masked($0.name) },
            retainUntilSeconds: prepared.retainUntilSeconds
        )
        let digits = String(UInt32.random(in: 0..<1 << 24), radix: 16)
        let suffix = String(repeating: "0", count: 6 - digits.count) + digits
        let policy = invocation.onRecordFailure
        return try await RunRecorder.create(in: store.folder, run: description, suffix: suffix) {
            [control, output] error in
            output.complain(error.message)
            switch policy {
            case .stop: control.stop(.recordingLost)
            case .finishStep: control.endAfterSteps(TargetFailure(code: error.code.rawValue, message: error.message))
            case .continue: break
            }
        }
    }

    private func begin(_ target: RunTarget, _ index: Int, _ recorder: RunRecorder) -> SessionRecording {
        let header = EntryHeader(
            target: mask.masked(target.name),
            columns: output.columns,
            rows: 50,
            startedSeconds: Int64(time(nil)),
            title: mask.masked("\(prepared.playbookName) on \(target.name)")
        )
        recorder.begin(index, header)
        return SessionRecording(recorder: recorder, entry: index, began: clock.now.elapsed)
    }

    private func seal(_ recorder: RunRecorder, _ verdict: inout RunVerdict) async {
        let mayGoOn = invocation.onRecordFailure == .continue
        if recorder.failure == nil {
            do throws(RecordingError) {
                let sealed = try await recorder.seal(
                    exitCode: verdict.exitNumber,
                    options: invocation.seal.options(environment: prepared.environment)
                )
                output.remark("recorded in \(sealed.folder)")
                for shortcoming in sealed.shortcomings { output.complain(shortcoming.message) }
                if sealed.shortcomings.isEmpty { return }
            } catch {
                // The recorder has told of it.
            }
        }
        if mayGoOn { verdict.isRecordingIncomplete = true } else { verdict.isRecordingLost = true }
    }
}
