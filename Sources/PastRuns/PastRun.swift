import Audit
import Files
import Glibc
package import Recording
package import RecordingFormat
package import Resuming
import SystemErrors

/// A recorded run that is taken up again: sealed, proved, and read as far as that takes.
package struct PastRun: Sendable {
    package let run: RecordedRun
    package let manifest: Manifest
    /// SHA-256 of the manifest, in hexadecimal.
    package let manifestHash: String
    /// In the order of the run's targets.
    package let sessions: [SessionFacts]
    /// As they were recorded.
    package let playbookBytes: [UInt8]
    /// Held for as long as whoever has it goes on with the run.
    private let lock: File?

    /// Reads a run. One that was killed is sealed first, as `psrun recover` does.
    /// - Parameters:
    ///   - locks: whether it is to be continued: by nobody else meanwhile.
    ///   - seal: for a run that was killed.
    ///   - remark: told what a user should know.
    /// - Throws: RecordingError: `running` where the run, or one that continues it, is under way; `damaged` where anything of
    ///   it is not what was sealed, or its journal was cut afterwards; `truncated`, `notFound`, `folderUnusable`.
    package init(
        _ found: RecordedRun,
        locks: Bool,
        seal: SealOptions,
        remark: (String) -> Void
    ) throws(RecordingError) {
        var found = found
        if case .killed = found.state {
            found = try Self.recovered(found, seal, remark)
        } else if found.isRunning {
            throw RecordingError(
                .running,
                "\(found.name) is still in progress. Let it end, or stop it, first; `psrun follow \(found.name)` shows it."
            )
        }
        try found.requireSealed()
        try Self.requireProved(found)
        let recording = try SealedRecording(folder: found.folder)
        (run, manifest) = (found, recording.manifest)
        manifestHash = recording.manifestHash
        sessions = try recording.entries.map { entry throws(RecordingError) in try recording.facts(of: entry) }
        playbookBytes = try recording.playbook()
        lock = locks ? try Self.locked(found) : nil
        if locks { try Self.requireOpenEnd(found) }
    }

    /// Keeps others from continuing the run until `body` returns.
    package func whileHeld<Value>(_ body: () async -> Value) async -> Value {
        let value = await body()
        withExtendedLifetime(lock) {}
        return value
    }

    // MARK: What a killed run left

    private static func recovered(
        _ found: RecordedRun,
        _ seal: SealOptions,
        _ remark: (String) -> Void
    ) throws(RecordingError) -> RecordedRun {
        let recovered = try RunRecovery.recover(found.folder, options: seal)
        guard !recovered.isDamaged else { throw untrusted(found, "its journal is damaged, or was cut off") }
        for shortcoming in recovered.shortcomings { remark(shortcoming.message) }
        remark("\(found.name) was killed before it was sealed; it is sealed now, as its journal has it")
        return RecordedRun(folder: found.folder)
    }

    private static func untrusted(_ run: RecordedRun, _ why: String) -> RecordingError {
        RecordingError(
            .damaged,
            "\(run.name) cannot be continued: \(why), and nothing proves which lines did not run. `psrun show \(run.name)` tells "
                + "what is known; `psrun rerun \(run.name)` sends everything once more."
        )
    }

    /// - Throws: `damaged` where something is not what was sealed, or does not fit the chain.
    private static func requireProved(_ run: RecordedRun) throws(RecordingError) {
        guard !FilePaths.exists("\(run.folder)/\(RunRecovery.damagedJournal)") else {
            throw untrusted(run, "its journal was damaged when it was recovered")
        }
        // Whose signature counts is not asked here.
        let signatures = SignatureCheck(isRequired: false) { _, _, _ in .success(.untrusted(key: "", words: "")) }
        let request = StoreAudit.Request(folder: run.recordingsFolder, runs: [run.folder], signatures: signatures)
        let problem = try StoreAudit.of(request).runs.flatMap(\.findings).first { $0.level == .problem }
        if let problem {
            throw untrusted(run, "\(problem.member.map { "\($0): " } ?? "")\(problem.message)")
        }
    }

    // MARK: One after the other

    private static func locked(_ run: RecordedRun) throws(RecordingError) -> File {
        let (file, isOurs): (File, Bool)
        do throws(SystemError) {
            file = try File("\(run.folder)/manifest.json", O_RDWR)
            isOurs = try file.lock()
        } catch {
            throw RecordingError(.folderUnusable, "\(run.name) cannot be continued: \(error.text).")
        }
        guard isOurs else {
            throw RecordingError(.running, "\(run.name) is being continued by another psrun. Let that end first.")
        }
        return file
    }

    /// - Throws: where another run has continued this one already: it, and not this one, tells what is left.
    private static func requireOpenEnd(_ run: RecordedRun) throws(RecordingError) {
        let store = RunStore(folder: run.recordingsFolder)
        let others = try store.runsAndTombstones()
        guard let next = others.last(where: { $0.continuedRun == run.name }) else { return }
        throw RecordingError(
            next.isRunning ? .running : .notFound,
            next.isRunning
                ? "\(run.name) is being continued by \(next.name), which is in progress. Let that end first."
                : "\(run.name) was continued by \(next.name), which knows what is left: `psrun resume \(next.name)`."
        )
    }
}
