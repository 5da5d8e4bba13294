import Files
import Glibc
import Recording
import RecordingFormat
import Synchronization

/// A run that a test can kill at any moment, or starve of disk: it says `shown ENTRY STEP` on standard output, one line
/// at a time, only after that step was committed, and `sealed` after the seal.
///
/// Arguments: `record FOLDER ENTRIES STEPS [SUFFIX]` (STEPS to each entry, side by side, then the seal), `leave FOLDER` (one
/// target done, one begun, one never reached, and no seal), `recover FOLDER`, `prune FOLDER`, or
/// `long FOLDER STEPS` (one target, sealed; says `peak KILOBYTES` of memory). With KILL_BEFORE=N in the
/// environment it dies before the Nth write, sync or rename that a seal or a prune does.
@main
struct CrashingRecorder {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do throws(RecordingError) {
            switch (arguments.first, arguments.count) {
            case ("record", 4...5):
                try await record(
                    in: arguments[1],
                    entries: Int(arguments[2]) ?? 1,
                    steps: Int(arguments[3]) ?? 1,
                    suffix: arguments.count == 5 ? arguments[4] : "00c0de"
                )
            case ("long", 3):
                try await recordLong(in: arguments[1], steps: Int(arguments[2]) ?? 1)
            case ("leave", 2):
                let recorder = try await RunRecorder.create(in: arguments[1], run: description(3), suffix: "00c0de")
                await session(0, steps: 2, finishes: true, recorder)
                await session(1, steps: 2, finishes: false, recorder)
            case ("recover", 2):
                _ = try RunRecovery.recover(arguments[1], faults: deadlyFaults())
                say("recovered")
            case ("prune", 2):
                try RunPruning.prune(arguments[1], reason: "--keep 1d", faults: deadlyFaults())
                say("pruned")
            default:
                exit(2)
            }
        } catch {
            say("error \(error.code.rawValue) \(error.message)")
            exit(3)
        }
    }

    /// Kills this process before an operation on anything but the journal.
    private static func deadlyFaults() -> FileFaults {
        guard let number = getenv("KILL_BEFORE").flatMap({ Int(String(cString: $0)) }) else { return .none }
        let count = Mutex(0)
        return FileFaults { _, name in
            guard name != "journal" else { return nil }
            let isDue = count.withLock { count in
                count += 1
                return count == number
            }
            if isDue { kill(getpid(), SIGKILL) }
            return nil
        }
    }

    private static func record(
        in folder: String,
        entries: Int,
        steps: Int,
        suffix: String
    ) async throws(RecordingError) {
        let recorder = try await RunRecorder.create(
            in: folder,
            run: description(entries),
            suffix: suffix,
            faults: deadlyFaults()
        )
        await withTaskGroup(of: Void.self) { group in
            for entry in 0..<entries { group.addTask { await session(entry, steps: steps, finishes: true, recorder) } }
        }
        _ = try await recorder.seal(exitCode: 0)
        say("sealed")
    }

    private static func recordLong(in folder: String, steps: Int) async throws(RecordingError) {
        let recorder = try await RunRecorder.create(in: folder, run: description(1), suffix: "00c0de")
        recorder.begin(
            0,
            EntryHeader(target: "host0", columns: 80, rows: 24, startedSeconds: 1_795_312_800, title: "long")
        )
        for step in 0..<steps {
            let time = UInt64(step) * 1_000
            let output = String(repeating: "line \(step) of the same long session. ", count: 20)
            recorder.record(RecordedEvent(time: time, code: .output, data: output), in: 0)
            recorder.record(RecordedEvent(time: time, code: .step, data: "{\"step\":\(step)}"), in: 0)
            await recorder.waitForRoom()
        }
        recorder.record(RecordedEvent(time: UInt64(steps) * 1_000, code: .exit, data: "{\"outcome\":\"ok\"}"), in: 0)
        recorder.finish(0)
        _ = try await recorder.seal(exitCode: 0)
        say("peak \(peakKilobytes())")
    }

    /// The kernel's high-water mark of this program alone; getrusage(2) begins with that of whoever started it.
    private static func peakKilobytes() -> Int {
        guard let status = fopen("/proc/self/status", "r") else { return .max }
        defer { fclose(status) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), status) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            let words = text.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, words[0] == "VmHWM:" else { continue }
            return Int(words[1]) ?? .max
        }
        return .max
    }

    private static func description(_ entries: Int) -> RunDescription {
        RunDescription(
            playbookName: "crash.ps1",
            playbookBytes: Array("'crash'\n".utf8),
            startedSeconds: 1_795_312_800,
            psrunVersion: "0.1.0",
            targets: (0..<entries).map { "host\($0)" }
        )
    }

    private static func session(_ entry: Int, steps: Int, finishes: Bool, _ recorder: RunRecorder) async {
        recorder.begin(
            entry,
            EntryHeader(target: "host\(entry)", columns: 80, rows: 24, startedSeconds: 1_795_312_800, title: "crash")
        )
        for step in 0..<steps {
            let time = UInt64(step) * 1_000_000
            recorder.record(RecordedEvent(time: time, code: .marker, data: "step \(step)"), in: entry)
            // Now and then more than the writer takes in one block.
            let size = step % 16 == 15 ? 300_000 : 40 * (step % 7)
            let output = "host\(entry) step \(step) " + String(repeating: "x", count: size) + "\r\n"
            recorder.record(RecordedEvent(time: time, code: .output, data: output), in: entry)
            recorder.record(RecordedEvent(time: time + 1, code: .step, data: "{\"step\":\(step)}"), in: entry)
            do throws(RecordingError) {
                try await recorder.commit()
            } catch {
                return say("failed \(entry) \(error.code.rawValue)")
            }
            say("shown \(entry) \(step)")
        }
        guard finishes else { return }
        let end = UInt64(steps) * 1_000_000
        recorder.record(RecordedEvent(time: end, code: .exit, data: "{\"outcome\":\"ok\"}"), in: entry)
        recorder.finish(entry)
    }

    /// One write, so that a line is whole or not there.
    private static func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        write(1, line, line.count)
    }
}
