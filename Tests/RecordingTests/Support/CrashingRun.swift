import Glibc
import Recording
import RecordingFormat

/// A `CrashingRecorder` under way, and what it has shown.
struct CrashingRun {
    private let process: ChildProcess
    private let output: Int32
    private(set) var lines: [String] = []
    private var rest: [UInt8] = []

    init(_ arguments: String...) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CommandFailure(text: "pipe: errno \(errno)") }
        process = try ChildProcess([BuiltProgram.path("CrashingRecorder")] + arguments, output: ends[1])
        output = ends[0]
        close(ends[1])
    }

    /// Reads on until so many lines are there, or it has ended.
    mutating func read(lines count: Int) {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while lines.count < count {
            let got = Glibc.read(output, &chunk, chunk.count)
            guard got > 0 else { return }
            rest += chunk[..<got]
            while let end = rest.firstIndex(of: 0x0A) {
                lines.append(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeSubrange(...end)
            }
        }
    }

    /// Kills it so many microseconds from now, and reads what it had shown by then.
    mutating func kill(after microseconds: UInt32) {
        usleep(microseconds)
        process.killNow()
        end()
    }

    /// Waits for its end.
    mutating func end() {
        read(lines: .max)
        close(output)
        _ = process.wait()
    }

    /// The last step shown of each entry.
    var shown: [Int: Int] {
        var shown: [Int: Int] = [:]
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count == 3, words[0] == "shown", let entry = Int(words[1]), let step = Int(words[2]) else {
                continue
            }
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
