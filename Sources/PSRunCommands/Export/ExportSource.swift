import PSRunCommandLine
import Recording
import RecordingExport
import RecordingFormat

/// Where the sessions to export come from.
protocol ExportSource {
    var run: ExportedRun { get }
    /// In the order of the recording.
    var sessions: [ExportedSession] { get }

    /// Hands out a session's lines, as `RecordingEncoder` takes them, until `body` answers false.
    /// - Throws: CommandFailure or RecordingError, and what `body` throws.
    func forEachLine(
        of session: ExportedSession,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(CastError) -> Bool
    ) throws
}

extension ExportSource {
    /// The sessions that `--host` means.
    /// - Throws: CommandFailure, usage: there is none.
    func sessions(matching host: String?) throws(CommandFailure) -> [ExportedSession] {
        guard let host else { return sessions }
        let matches = sessions.filter { $0.target == host || hostPart(of: $0.target) == host.lowercased() }
        guard matches.isEmpty else { return matches }
        let some = sessions.prefix(3).map(\.target).joined(separator: ", ")
        let more = sessions.count > 3 ? "…" : ""
        throw CommandFailure(
            .usage,
            "\(run.name) has no target \(host). It has \(sessions.count): \(some)\(more)."
        )
    }

    /// What each session's end says of it.
    func summaries(of sessions: [ExportedSession]) throws -> [SessionSummary] {
        try sessions.map { session in
            var summary = SessionSummary(session: session)
            try forEachLine(of: session) { line, number throws(CastError) in
                try summary.take(line, number: number)
                return true
            }
            return summary
        }
    }

    private func hostPart(of target: String) -> String {
        guard let name = try? HostName.parse(target) else { return target.lowercased() }
        return name.host
    }
}

/// A sealed run; each session is checked against the seal before any of it is handed out.
struct SealedExportSource: ExportSource {
    let recording: SealedRecording
    let run: ExportedRun
    let sessions: [ExportedSession]
    private let entries: [Int: IndexedEntry]

    init(_ recording: SealedRecording) {
        self.recording = recording
        run = ExportedRun(recording.manifest)
        sessions = recording.entries.map { ExportedSession(number: $0.entry + 1, target: $0.target) }
        entries = Dictionary(recording.entries.map { ($0.entry + 1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func forEachLine(
        of session: ExportedSession,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(CastError) -> Bool
    ) throws {
        guard let entry = entries[session.number] else { return }
        try recording.check(entry)
        try recording.forEachLine(of: entry) { line, number throws(RecordingError) in
            do throws(CastError) {
                return try body(line, number)
            } catch {
                throw recording.damage(error, in: entry)
            }
        }
    }
}
