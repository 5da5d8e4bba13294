package import PSRunCommandLine
import RecordingExport
import RecordingFormat

/// A file in place of a run.
package enum ExportFile {
    /// Reads the file once, to learn what is in it.
    /// - Throws: CommandFailure, usage: it cannot be read, or is neither JSON lines that `export` wrote nor an asciicast.
    package static func open(_ path: String) throws(CommandFailure) -> any ExportSource {
        try FileExportSource(path: path)
    }
}

/// What `export` wrote as JSON lines, or one asciicast of version 2.
struct FileExportSource: ExportSource {
    private struct Place {
        var start: UInt64
        var end: UInt64
        /// The number of its first line in the file.
        var firstLine: Int
    }

    let run: ExportedRun
    let sessions: [ExportedSession]
    private let file: LineFile
    private let isCast: Bool
    private var places: [Int: Place] = [:]

    /// Reads the file once, to learn what is in it.
    /// - Throws: CommandFailure, usage: it cannot be read, or is neither.
    init(path: String) throws(CommandFailure) {
        file = try LineFile(path)
        var first: [UInt8] = []
        try file.forEachLine(in: 0..<file.size) { line, _, _ throws(CommandFailure) in
            first = Array(line)
            return false
        }
        guard (try? JSONLine(decoding: first[...], number: 1)) != nil else {
            guard case .header(let header)? = try? CastLine(decoding: first[...], number: 1) else {
                throw CommandFailure(
                    .usage,
                    "--from \(path) is neither an export --as jsonl nor an asciicast of version 2."
                )
            }
            isCast = true
            run = ExportedRun(name: header.title)
            let number = header.entryNumber(in: first) ?? 1
            sessions = [ExportedSession(number: number, target: header.target)]
            places[number] = Place(start: 0, end: file.size, firstLine: 1)
            return
        }
        isCast = false
        (run, sessions, places) = try Self.index(file)
    }

    private static func index(
        _ file: LineFile
    ) throws(CommandFailure) -> (ExportedRun, [ExportedSession], [Int: Place]) {
        var run: ExportedRun?
        var sessions: [ExportedSession] = []
        var places: [Int: Place] = [:]
        try file.forEachLine(in: 0..<file.size) { line, number, bytes throws(CommandFailure) in
            switch try decode(line, number: number, file) {
            case .run(let found):
                guard run == nil else { throw file.failure(line: number, "a second run begins") }
                run = found
            case .session(let session, _) where session == sessions.last:
                places[session.number]?.end = bytes.upperBound
            case .session(let session, _):
                guard places[session.number] == nil else {
                    throw file.failure(line: number, "entry \(session.number) appears a second time")
                }
                sessions.append(session)
                places[session.number] = Place(start: bytes.lowerBound, end: bytes.upperBound, firstLine: number)
            }
            return true
        }
        return (run ?? ExportedRun(name: ""), sessions, places)
    }

    /// There is no seal to check against.
    func forEachLine(
        of session: ExportedSession,
        checksFirst: Bool,
        _ body: LineTaker
    ) throws {
        guard let place = places[session.number] else { return }
        var number = 0
        try file.forEachLine(in: place.start..<place.end) { line, lineInPlace, _ throws(CommandFailure) in
            number += 1
            let original: ArraySlice<UInt8>
            if isCast {
                original = line
            } else {
                let decoded = try Self.decode(line, number: place.firstLine + lineInPlace - 1, file)
                guard case .session(_, let bytes) = decoded else { return true }
                original = bytes[...]
            }
            do throws(CastError) {
                return try body(original, number)
            } catch {
                throw file.failure(line: place.firstLine + lineInPlace - 1, error.message)
            }
        }
    }

    private static func decode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        _ file: LineFile
    ) throws(CommandFailure) -> JSONLine {
        do throws(CastError) {
            return try JSONLine(decoding: line, number: number)
        } catch {
            throw file.failure(line: number, error.message)
        }
    }
}

extension EntryHeader {
    /// psrun's number of the entry whose header line this is.
    fileprivate func entryNumber(in line: [UInt8]) -> Int? {
        EntryStamp(headerLine: line)?.number
    }
}
