package import RecordingFormat

/// What a session's page, heading or line of a table says of it: read before the session itself is written.
package struct SessionSummary: Sendable, Hashable {
    package var session: ExportedSession
    package var header: EntryHeader?
    /// How it ended; without members where that was not recorded.
    package var result = TargetRecord()
    /// The steps that were sent.
    package var steps = 0
    /// Bytes of the session's lines.
    package var bytes = 0
    /// When the session's end was recorded, since it began; 0 where it was not.
    package var lastMicroseconds: UInt64 = 0

    package init(session: ExportedSession) {
        self.session = session
    }

    /// Takes one of the session's lines.
    package mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        bytes += line.count
        guard number > 1 else {
            if case .header(let header) = try CastLine(decoding: line, number: number) { self.header = header }
            return
        }
        switch CastLine.code(of: line) {
        case .marker: steps += 1
        case .exit:
            guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
            result = TargetRecord(parsing: event.data.utf8) ?? TargetRecord()
            lastMicroseconds = event.time / 1_000
        default: break
        }
    }

    package var outcome: RecordedOutcome { result.outcome ?? .unknown }
    package var microseconds: Int64? { result.durationMicroseconds }
    package var isTruncated: Bool { result.isTruncated }
    package var message: String? { result.failure?.message }
}
