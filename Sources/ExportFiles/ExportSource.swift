package import Recording
package import RecordingExport
package import RecordingFormat

/// Takes a line of a session and its number from 1; false where no more are wanted.
package typealias LineTaker = (_ line: ArraySlice<UInt8>, _ number: Int) throws(CastError) -> Bool

/// Where the sessions to export come from.
package protocol ExportSource {
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
        _ body: LineTaker
    ) throws
}

extension ExportSource {
    /// What each session's end says of it.
    package func summaries(of sessions: [ExportedSession]) throws -> [SessionSummary] {
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
package struct SealedExportSource: ExportSource {
    private let recording: SealedRecording
    package let run: ExportedRun
    package let sessions: [ExportedSession]
    private let entries: [Int: IndexedEntry]

    /// - Parameter entries: those to export.
    package init(_ recording: SealedRecording, _ entries: [IndexedEntry]) {
        self.recording = recording
        run = ExportedRun(recording.manifest)
        sessions = entries.map { ExportedSession(number: $0.entry + 1, target: $0.target) }
        self.entries = Dictionary(entries.map { ($0.entry + 1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func forEachLine(
        of session: ExportedSession,
        checksFirst: Bool,
        _ body: LineTaker
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
