package import RecordingFormat

/// What a session's page, heading or line of a table says of it: read before the session itself is written.
package struct SessionSummary: Sendable, Hashable {
    package var session: ExportedSession
    package var header: EntryHeader?
    /// How it ended; without members where that was not recorded.
    package var result = TargetRecord()
    /// The steps that were sent.
    package var steps = 0
    /// Lines that were not sent, by the steps.
    private var linesNotSent = 0
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
        case .step:
            guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
            guard let step = StepRecord(parsing: event.data.utf8), step.isLeftOut else { return }
            linesNotSent += min(step.lineCount, Int(Int32.max) - linesNotSent)
        case .exit:
            guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
            result = TargetRecord(parsing: event.data.utf8) ?? TargetRecord()
            lastMicroseconds = event.time / 1_000
        default: break
        }
    }

    package var outcome: RecordedOutcome { result.judgedOutcome }
    package var isWell: Bool { result.isWell }
    /// `error, exit 1, 1 line not sent`.
    package var ending: String { result.ending(counted: linesNotSent) }
    /// Where no line was sent, how many there were; nil where one was. They are told in one sentence: what the blocks would
    /// have been is not known.
    package var unsentLines: Int? { steps == 0 && linesNotSent > 0 ? linesNotSent : nil }
    package var microseconds: Int64? { result.durationMicroseconds }
    package var isTruncated: Bool { result.isTruncated }
    /// Why it is not well; nil where it is, and where only its steps tell.
    package var message: String? {
        let code = result.exitCode.flatMap { $0 == 0 ? nil : "the session ended with exit code \($0)" }
        return result.failure?.message ?? (isWell ? nil : code)
    }
}
