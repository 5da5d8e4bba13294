import Recording
import RecordingExport
import RecordingFormat

/// Where the sessions to export come from.
protocol ExportSource {
    var run: ExportedRun { get }
    /// In the order of the recording.
    var sessions: [ExportedSession] { get }

    /// Hands out a session's lines, as `RecordingEncoder` takes them, until `body` answers false.
    /// - Parameter checksFirst: whether the session is checked against the seal before `body` gets any of it, or with it:
    ///   then what was made of it is good once this returns.
    /// - Throws: CommandFailure or RecordingError, and what `body` throws.
    func forEachLine(
        of session: ExportedSession,
        checksFirst: Bool,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(CastError) -> Bool
    ) throws
}

extension ExportSource {
    /// The sessions that `--host` means.
    /// - Throws: `notFound` where there is none.
    func sessions(matching host: String?) throws(RecordingError) -> [ExportedSession] {
        try sessions.map(\.target).indices(matching: host, of: run.name).map { sessions[$0] }
    }

    /// What each session's end says of it.
    func summaries(of sessions: [ExportedSession]) throws -> [SessionSummary] {
        try sessions.map { session in
            var summary = SessionSummary(session: session)
            try forEachLine(of: session, checksFirst: false) { line, number throws(CastError) in
                try summary.take(line, number: number)
                return true
            }
            return summary
        }
    }
}

/// A sealed run; each session is checked against the seal.
struct SealedExportSource: ExportSource {
    let recording: SealedRecording
    let run: ExportedRun
    let sessions: [ExportedSession]
    private let entries: [Int: IndexedEntry]

    /// - Parameter entries: those to export.
    init(_ recording: SealedRecording, _ entries: [IndexedEntry]) {
        self.recording = recording
        run = ExportedRun(recording.manifest)
        sessions = entries.map { ExportedSession(number: $0.entry + 1, target: $0.target) }
        self.entries = Dictionary(entries.map { ($0.entry + 1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func forEachLine(
        of session: ExportedSession,
        checksFirst: Bool,
        _ body: (_ line: ArraySlice<UInt8>, _ number: Int) throws(CastError) -> Bool
    ) throws {
        guard let entry = entries[session.number] else { return }
        func take(_ line: ArraySlice<UInt8>, _ number: Int) throws(RecordingError) -> Bool {
            do throws(CastError) {
                return try body(line, number)
            } catch {
                throw recording.damage(error, in: entry)
            }
        }
        guard checksFirst else {
            var isWanted = true
            return try recording.forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
                if isWanted { isWanted = try take(line, number) }
            }
        }
        try recording.check(entry)
        try recording.forEachLine(of: entry, take)
    }
}
