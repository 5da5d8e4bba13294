import Connections
import EventLoops
package import Files
import Glibc
import PSRP
import Recording
import RecordingFormat
import SessionCryptography
import Sessions
import Synchronization

/// One playbook on all of its targets: connections, sessions, recorder, seal.
package struct FleetRun: Sendable {
    private let plan: RunPlan
    private let console: any RunConsole
    private let person: (any Person)?
    private let mask: SecretMask
    private let control: RunControl
    private let clock: RunClock
    private let loops: TargetLoops

    /// - Parameters:
    ///   - person: who may be asked; nil where there is nobody.
    ///   - control: by which the run may be ended early.
    /// - Throws: NoDescriptor where the system has none left for the run's loops.
    package init(
        _ plan: RunPlan,
        console: any RunConsole,
        person: (any Person)?,
        mask: SecretMask,
        control: RunControl
    ) throws(NoDescriptor) {
        clock = plan.clock
        loops = try TargetLoops(clock, targets: min(plan.targets.count, plan.fanout))
        self.plan = plan
        self.console = console
        self.person = person
        self.mask = mask
        self.control = control
    }

    /// To be called once. Enters every session, and seals what was recorded of them. Whatever fails on the way is told to
    /// the console, and stands in the verdict.
    package func run() async -> RunVerdict {
        var verdict = RunVerdict()
        let recorder: RunRecorder?
        do throws(RecordingError) {
            recorder = plan.isRecorded ? try await makeRecorder() : nil
        } catch {
            console.complain(error.message)
            // Without its record, what a continued run sends would be sent once more.
            guard plan.recording.onFailure == .continue, plan.continued == nil else {
                verdict.isRecordingLost = true
                await loops.close()
                return verdict
            }
            recorder = nil
            verdict.isRecordingIncomplete = true
        }
        verdict.folder = recorder?.folder
        if let warning = recorder?.warning { console.remark(warning) }
        let results = Mutex(verdict)
        await loops.during { [recorder] in
            await runTargets(recorder) { result in results.withLock { $0.note(result) } }
        }
        verdict = results.withLock { $0 }
        verdict.signal = await console.sessionsHaveEnded()
        if let recorder { await seal(recorder, &verdict) }
        verdict.duration = clock.now.elapsed
        return verdict
    }

    private func runTargets(_ recorder: RunRecorder?, _ note: @escaping @Sendable (TargetResult) -> Void) async {
        let ways = WaysIn(
            plan,
            credentials: RunCredentials(plan, person: person, clock: clock, control: control, mask: mask),
            person: person,
            clock: clock,
            control: control,
            warn: console.remark
        )
        let client = ClientConfiguration(
            host: HostDescription(columns: Int32(console.columns), rows: 50, title: "psrun")
        )
        // A session runs where its connection is, from its first word on: no thread wakes another for each of its steps.
        await forEachConcurrently(plan.targets.count, limit: plan.fanout, on: loops) { index, place in
            let target = plan.targets[index]
            let transport = plan.simulation?(target) ?? ways.transport(to: target, on: place.loop)
            guard plan.options(for: target, at: index).start.refusal == nil else {
                return note(await run(target, index, over: transport, at: place, client, recorder))
            }
            note(await transport.withTurn { await run(target, index, over: transport, at: place, client, recorder) })
        }
        await ways.close()
    }

    /// Runs the playbook in one target's session.
    private func run(
        _ target: RunTarget,
        _ index: Int,
        over transport: any SessionTransport,
        at place: TargetLoops.Place,
        _ client: ClientConfiguration,
        _ recorder: RunRecorder?
    ) async -> TargetResult {
        let (driver, watcher) = driver(target, index, over: transport, at: place, client, recorder)
        place.heartbeat.add(watcher) { watcher.beat(at: $0) }
        defer { place.heartbeat.remove(watcher) }
        return await driver.run()
    }

    /// What runs the playbook there, and who watches it.
    ///
    /// They are made apart from whoever waits for them, whose memory would hold all that they are made of.
    @inline(never)
    private func driver(
        _ target: RunTarget,
        _ index: Int,
        over transport: any SessionTransport,
        at place: TargetLoops.Place,
        _ client: ClientConfiguration,
        _ recorder: RunRecorder?
    ) -> (driver: TargetDriver, watcher: TargetWatcher) {
        let recording = recorder.map { begin(target, index, $0) }
        var options = plan.options(for: target, at: index)
        options.awaitsRecording = recording != nil
        options.recordsBeforeSending = recording != nil
        let targetPlan = TargetPlan(
            transport: transport,
            playbook: plan.playbook,
            options: options,
            client: target.configured(client),
            cryptography: OpenSSLSessionKeyCryptography(),
            connectingTimeout: plan.connectingTimeout(of: target),
            connectingTimeoutName: plan.connectingTimeoutName(of: target),
            trace: plan.tracesProtocol ? ProtocolTrace { [mask] in mask.masked($0) } : nil
        )
        let watcher = TargetWatcher(
            screen: console.screen(of: target, at: index),
            recording: recording,
            control: control,
            person: person,
            mask: mask,
            end: options.limits.end(from: clock.now.counted),
            diskPatience: diskPatience,
            remark: console.remark
        )
        let driver = TargetDriver(
            targetPlan,
            clock: clock,
            heartbeat: place.heartbeat,
            control: control,
            observer: watcher
        )
        return (driver, watcher)
    }
}

/// The recording of a run.
extension FleetRun {
    private func makeRecorder() async throws(RecordingError) -> RunRecorder {
        let store = try RunStore.standard(option: plan.recording.folder, environment: plan.environment)
        let description = RunDescription(
            playbookName: mask.masked(plan.playbookName),
            playbookBytes: mask.masked(playbook: plan.playbookBytes),
            startedSeconds: plan.startedSeconds,
            psrunVersion: plan.recording.psrunVersion,
            targets: plan.targets.map { mask.masked($0.name) },
            retainUntilSeconds: plan.recording.retainUntilSeconds,
            shard: plan.shard.map { shard in
                // By the names as they are recorded, so that whoever has all shards can hash them again.
                let selection = RecordedSelection(of: shard.names.map { mask.masked($0) })
                return RecordedShard(index: shard.index, count: shard.count, selection: selection)
            },
            positions: plan.shard?.positions ?? [],
            options: plan.recording.options.map { RecordedOptions($0.json.masked(by: mask)) },
            places: plan.recording.places.mapValues { RecordedPlace($0.json.masked(by: mask)) },
            continued: plan.continued
        )
        let digits = String(UInt32.random(in: 0..<1 << 24), radix: 16)
        let suffix = String(repeating: "0", count: 6 - digits.count) + digits
        let policy = plan.recording.onFailure
        return try await unlessDiskIsSilent(store.folder) { [control, console] () async throws(RecordingError) in
            try await RunRecorder.create(in: store.folder, run: description, suffix: suffix) { error in
                console.complain(error.message)
                switch policy {
                case .stop: control.stop(.recordingLost)
                case .finishStep:
                    control.endAfterSteps(TargetFailure(code: error.code.rawValue, message: error.message))
                case .continue: break
                }
            }
        }
    }

    private func begin(_ target: RunTarget, _ index: Int, _ recorder: RunRecorder) -> SessionRecording {
        let header = EntryHeader(
            target: mask.masked(target.name),
            columns: console.columns,
            rows: 50,
            startedSeconds: Int64(time(nil)),
            title: mask.masked("\(plan.playbookName) on \(target.name)"),
            position: plan.shard?.positions[index]
        )
        recorder.begin(index, header)
        if let place = plan.recording.places[index] {
            let text = String(decoding: place.json.masked(by: mask).compact, as: UTF8.self)
            recorder.record(RecordedEvent(time: 0, code: .connection, data: RecordedLead.place + text), in: index)
        }
        return SessionRecording(recorder: recorder, entry: index, began: clock.now.elapsed)
    }

    /// When nobody is waited for any longer for the seal's sake: it has the rest of the run's time, or the grace, and a
    /// moment at least.
    /// - Parameter isEarly: whether a signal ended the run.
    private func sealEnd(isEarly: Bool) -> ContinuousClock.Instant? {
        let limits = plan.session.limits
        let rest = isEarly ? .zero : limits.runBy.map { $0 - clock.now.counted }
        return rest.map { .now + max($0, limits.grace, Self.leastSealPatience) }
    }

    /// What an agent, another psrun that seals or a disk takes on a busy machine.
    private static let leastSealPatience = Duration.seconds(1)

    /// How long a disk that does not answer is waited for once the run is to end.
    private var diskPatience: Duration { max(plan.session.limits.grace, Self.leastSealPatience) }

    /// Returns once the run is to end, and what it waits for has had its time.
    /// - Parameter end: when that is; nil where only a signal or the run's time ends it.
    private func untilDiskPatienceEnds(_ end: ContinuousClock.Instant? = nil) async throws(CancellationError) {
        var end = end
        while end.map({ .now < $0 }) ?? true {
            let isCancelled: Void? = try? await Task.sleep(for: .milliseconds(20))
            guard isCancelled != nil else { throw CancellationError() }
            let isOver = control.stopReason != nil || plan.session.limits.runBy.map { clock.now.counted >= $0 } == true
            if end == nil, isOver { end = .now + diskPatience }
        }
    }

    /// What `make` makes; a failure where a disk keeps it after the run was to end.
    private func unlessDiskIsSilent(
        _ folder: String,
        _ make: @escaping @Sendable () async throws(RecordingError) -> RunRecorder
    ) async throws(RecordingError) -> RunRecorder {
        let (results, source) = AsyncStream<Result<RunRecorder, RecordingError>>.makeStream()
        Task {
            do throws(RecordingError) {
                source.yield(.success(try await make()))
            } catch {
                source.yield(.failure(error))
            }
        }
        let watch = Task {
            try await untilDiskPatienceEnds()
            source.yield(.failure(.diskIsSilent(folder, diskPatience)))
        }
        defer { watch.cancel() }
        for await result in results { return try result.get() }
        throw .diskIsSilent(folder, diskPatience)
    }

    private func seal(_ recorder: RunRecorder, _ verdict: inout RunVerdict) async {
        if recorder.failure == nil {
            do throws(RecordingError) {
                var options = plan.recording.seal
                let end = sealEnd(isEarly: verdict.signal != nil)
                options.end = end
                let watch = Task {
                    try await untilDiskPatienceEnds(end)
                    while !Task.isCancelled {
                        recorder.giveUpDisk(after: diskPatience)
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                defer { watch.cancel() }
                let sealed = try await recorder.seal(exitCode: console.exitCode(of: verdict), options: options)
                console.remark("recorded in \(sealed.folder)")
                for shortcoming in sealed.shortcomings { console.complain(shortcoming.message) }
                if sealed.shortcomings.isEmpty { return }
            } catch {
                // The recorder has told of it.
            }
        }
        if plan.recording.onFailure == .continue {
            verdict.isRecordingIncomplete = true
        } else {
            verdict.isRecordingLost = true
        }
    }
}

extension JSONValue {
    /// The same without secrets in its texts.
    fileprivate func masked(by mask: SecretMask) -> JSONValue {
        switch self {
        case .string(let text): .string(mask.masked(text))
        case .array(let values): .array(values.map { $0.masked(by: mask) })
        case .object(let members):
            .object(members.map { JSONMember(key: $0.key, value: $0.value.masked(by: mask)) })
        case .null, .bool, .integer, .double: self
        }
    }
}
