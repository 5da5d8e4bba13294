import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat

/// A `CrashingRecorder` under way, and what it has shown.
struct CrashingRun {
    private let program: ChildProgram
    private(set) var lines: [Substring] = []

    /// - Parameter operation: it dies before the seal's or the prune's operation of this number.
    init(_ arguments: String..., killedBefore operation: Int? = nil) throws {
        let path = BuiltProgram.path.dropLast("psrun".count) + "CrashingRecorder"
        program = try ChildProgram(
            [String(path)] + arguments,
            environment: ChildProgram.environment(adding: operation.map { ["KILL_BEFORE": "\($0)"] } ?? [:])
        )
    }

    /// Waits until it has shown so many lines, or is sealed, or five seconds have passed.
    mutating func read(lines count: Int) async throws {
        for _ in 0..<10_000 where lines.count < count && lines.last != "sealed" {
            try await Task.sleep(for: .microseconds(500))
            lines = try program.outputSoFar().split(separator: "\n")
        }
    }

    /// Kills it so much later, and reads what it had shown by then.
    mutating func kill(after delay: Duration) async throws {
        // On a busy machine a task that sleeps comes back long after a recovery has finished.
        usleep(UInt32(delay / .microseconds(1)))
        program.signal(SIGKILL)
        try await end()
    }

    /// Waits for its end.
    mutating func end(within seconds: Double = 30) async throws {
        lines = try await program.outcome(within: seconds).output.split(separator: "\n")
    }

    /// The last step shown of each entry.
    var shown: [Int: Int] {
        var shown: [Int: Int] = [:]
        for words in lines.map({ $0.split(separator: " ") }) where words.count == 3 && words[0] == "shown" {
            guard let entry = Int(words[1]), let step = Int(words[2]) else { continue }
            shown[entry] = step
        }
        return shown
    }
}

extension SealedRecording {
    /// All events of an entry, checked.
    func events(of entry: IndexedEntry) throws(RecordingError) -> [RecordedEvent] {
        try check(entry)
        var events: [RecordedEvent] = []
        try forEachLine(of: entry) { line, number throws(RecordingError) in
            do throws(CastError) {
                if case .event(let event) = try CastLine(decoding: line, number: number) { events.append(event) }
            } catch {
                throw damage(error, in: entry)
            }
            return true
        }
        return events
    }
}
