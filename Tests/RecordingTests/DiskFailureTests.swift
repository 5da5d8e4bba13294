import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Synchronization
import Testing

/// A full or broken disk: said by name, never a silent success, and what was acknowledged is there afterwards.
@Suite struct DiskFailureTests {
    /// Fails the Nth operation, and all that follow where `lasting`.
    private final class FailingDisk: Sendable {
        private let count = Mutex(0)
        private let nth: Int
        private let lasting: Bool
        private let code: Int32

        init(nth: Int, lasting: Bool, code: Int32) {
            self.nth = nth
            self.lasting = lasting
            self.code = code
        }

        var operations: Int { count.withLock(\.self) }

        var faults: FileFaults {
            FileFaults { [self] _, _ in
                count.withLock { count in
                    defer { count += 1 }
                    return count == nth || lasting && count > nth ? code : nil
                }
            }
        }
    }

    /// How often the recorder has told of a failure by itself.
    private final class Complaints: Sendable {
        private let errors = Mutex<[RecordingError]>([])
        var count: Int { errors.withLock(\.count) }

        func add(_ error: RecordingError) {
            errors.withLock { $0.append(error) }
        }
    }

    /// Records a run on a disk that fails; returns the error, if any, and how many steps were acknowledged.
    private static func run(
        in folder: String,
        on disk: FailingDisk,
        told: Complaints
    ) async -> (error: RecordingError?, acknowledged: Int) {
        var acknowledged = 0
        do throws(RecordingError) {
            let recorder = try await RunRecorder.create(
                in: folder,
                run: SampleRun.description(targets: ["host"]),
                suffix: "abcdef",
                faults: disk.faults,
                onFailure: told.add
            )
            recorder.begin(0, SampleRun.header("host"))
            for number in 1...4 {
                for event in SampleRun.step(number, at: UInt64(number), output: "step \(number)\r\n") {
                    recorder.record(event, in: 0)
                }
                try await recorder.commit()
                acknowledged = number
            }
            recorder.record(SampleRun.exit("host", at: 9), in: 0)
            recorder.finish(0)
            _ = try await recorder.seal(exitCode: 0)
            return (nil, acknowledged)
        } catch {
            return (error, acknowledged)
        }
    }

    @Test(
        "Every file operation may fail, and what was acknowledged stays",
        arguments: zip([(ENOSPC, "No space left on device"), (EIO, "Input/output error")], [true, false])
    )
    func everyOperationMayFail(code: (Int32, String), lasting: Bool) async throws {
        var failed = 0
        for nth in 0..<1_000 {
            let folder = try TemporaryFolder()
            let disk = FailingDisk(nth: nth, lasting: lasting, code: code.0)
            let told = Complaints()
            let (error, acknowledged) = await Self.run(in: folder.path, on: disk, told: told)
            try await Self.checkRecovered(folder.path, acknowledged: acknowledged, isSealed: error == nil)
            guard disk.operations > nth else {
                #expect(error == nil && told.count == 0)
                break
            }
            failed += 1
            let failure = try #require(error, "operation \(nth): a silent success")
            #expect(failure.message.contains(code.1), "operation \(nth): \(failure.message)")
            #expect(failure.code == .folderUnusable || failure.code == .writeFailed)
            #expect(told.count == (failure.code == .writeFailed ? 1 : 0), "operation \(nth)")
        }
        // A write and a sync for each step, and all that a seal does.
        #expect(failed > 15 && failed < 1_000)
    }

    /// Recovers what is there, once the recorder's threads have let go of it, and counts its steps.
    private static func checkRecovered(_ folder: String, acknowledged: Int, isSealed: Bool) async throws {
        guard let run = try RunStore(folder: folder).runs().first else {
            #expect(acknowledged == 0 && !isSealed)
            return
        }
        for _ in 0..<5_000 {
            if case .running = RecordedRun(folder: run.folder).state {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        do {
            let recovered = try RunRecovery.recover(run.folder)
            #expect(recovered.wasSealed || !isSealed)
            let recording = try SealedRecording(folder: run.folder)
            let entry = try #require(recording.entries.first)
            let steps = try recording.events(of: entry).filter { $0.code == .step }.count
            #expect(steps >= acknowledged)
        } catch let error as RecordingError {
            #expect(error.code == .truncated || error.code == .notFound, "\(error.message)")
            #expect(acknowledged == 0 && !isSealed)
        }
    }

    @Test("Nothing is acknowledged before it is synced")
    func nothingIsAcknowledgedBeforeItIsSynced() async throws {
        let folder = try TemporaryFolder()
        let journal = Mutex<[FileFaults.Operation]>([])
        let watching = FileFaults { operation, name in
            if name == "journal" { journal.withLock { $0.append(operation) } }
            return nil
        }
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: SampleRun.description(targets: ["host"]),
            suffix: "abcdef",
            faults: watching
        )
        recorder.begin(0, SampleRun.header("host"))
        for number in 1...20 {
            let before = journal.withLock(\.count)
            recorder.record(RecordedEvent(time: 0, code: .output, data: "\(number)"), in: 0)
            try await recorder.commit()
            let done = journal.withLock { Array($0[before...]) }
            #expect(done.contains(.write) && done.last == .sync, "\(done)")
        }
        // Without a commit it is synced as well, if a little later.
        let before = journal.withLock(\.count)
        recorder.record(RecordedEvent(time: 0, code: .output, data: "last"), in: 0)
        for _ in 0..<1_000 where journal.withLock({ $0.count < before + 2 }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(journal.withLock { Array($0[before...].prefix(2)) } == [.write, .sync])
    }

    @Test("A file that may not grow ends the recording at once")
    func aFileThatMayNotGrowEndsTheRecordingAtOnce() async throws {
        let folder = try TemporaryFolder()
        let helper = String(BuiltProgram.path.dropLast("psrun".count) + "CrashingRecorder")
        // 100 blocks of 512 bytes; without the signal, a write beyond them is cut, and the next one fails with EFBIG.
        let script = "trap '' XFSZ; ulimit -f 100; exec \"\(helper)\" record \"$PWD\" 2 40"
        let outcome = try await shell(script, in: folder.path)
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.ending == .exited(3), "\(outcome)")
        #expect(lines.last?.hasPrefix("error RecordingWriteFailed") == true)
        #expect(lines.last?.contains("File too large") == true)
        let shown = lines.filter { $0.hasPrefix("shown 0 ") }.count
        #expect(shown > 5 && shown < 40)

        let run = try #require(try RunStore(folder: folder.path).runs().first)
        let recovered = try RunRecovery.recover(run.folder)
        #expect(recovered.droppedBytes > 0)
        let recording = try SealedRecording(folder: run.folder)
        #expect(try recording.events(of: recording.entries[0]).filter { $0.code == .step }.count >= shown)
    }

    @Test("A folder that cannot be used is named with the way out")
    func aFolderThatCanNotBeUsedIsNamedWithTheWayOut() async throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        for path in ["\(folder.path)/file", "\(folder.path)/file/below", "/proc/psrun"] {
            let error = await #expect(throws: RecordingError.self) {
                _ = try await RunRecorder.create(
                    in: path,
                    run: SampleRun.description(targets: ["host"]),
                    suffix: "abcdef"
                )
            }
            #expect(error?.code == .folderUnusable)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains("--recordings") == true)
        }
    }

    @Test("A run never writes into the folder of another")
    func aRunNeverWritesIntoAnothersFolder() async throws {
        let folder = try TemporaryFolder()
        let description = SampleRun.description(targets: ["host"])
        let first = try await RunRecorder.create(in: folder.path, run: description, suffix: "abcdef")
        let error = await #expect(throws: RecordingError.self) {
            _ = try await RunRecorder.create(in: folder.path, run: description, suffix: "abcdef")
        }
        #expect(error?.code == .folderUnusable)
        #expect(first.failure == nil)
    }
}
