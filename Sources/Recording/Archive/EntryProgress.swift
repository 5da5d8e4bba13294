import Playbooks
import RecordingFormat

/// A playbook as results tell of it where no far side has cut it.
struct RecordedPlaybook {
    let lines: [PlaybookLine]
    /// Those that a result tells of: neither blank nor only a comment.
    fileprivate let code: [PlaybookLine]

    /// A playbook that was changed by masking may not be one any more; it has no lines then.
    init(_ run: RunDescription) {
        guard let playbook = try? Playbook(bytes: run.playbookBytes) else {
            (lines, code) = ([], [])
            return
        }
        var cursor = PlaybookCursor(playbook)
        cursor.language = PlaybookLanguage(fileName: run.playbookName) ?? .powerShell
        lines = playbook.lines
        code = cursor.remaining.flatMap(\.lines)
    }

    /// The lines that are sent next, as far as that can be told: comments go with what follows.
    fileprivate func next(behind reached: Int) -> (lines: ClosedRange<Int>, text: String)? {
        guard let last = code.first(where: { $0.number > reached }) else { return nil }
        let sent = lines.drop { $0.number <= reached || $0.isBlank }.prefix { $0.number <= last.number }
        return ((sent.first ?? last).number...last.number, sent.map(\.text).joined(separator: "\n"))
    }
}

/// How far the recording of a session goes: enough to say of each line of the playbook what became of it, where psrun did
/// not live to say it.
struct EntryProgress {
    /// Whether the session was open, so that a line may have been sent that is not recorded.
    private var isOpen = false
    /// The marker of the step that has begun and has no result.
    private var marker: [UInt8]?
    /// What was sent of that step.
    private var sent: [[UInt8]] = []
    /// The last result, as it was recorded.
    private var result: [UInt8]?
    /// Where the session began: of a run that continues another, behind lines that ran before.
    private let start: TargetStart

    init(from start: TargetStart = .beginning) {
        self.start = start
    }

    mutating func take(_ code: RecordedCode, _ text: some Collection<UInt8>) {
        switch code {
        case .connection: isOpen = isOpen || text.starts(with: RecordedLead.opened.utf8)
        case .marker:
            marker = Array(text)
            sent = []
        case .input: sent.append(Array(text))
        case .step:
            result = Array(text)
            marker = nil
            sent = []
        case .output, .error, .warning, .verbose, .debug, .information, .progress, .object, .exit, .hash: break
        }
    }

    /// The results that are missing, in the order of the playbook: a line that was sent, or may have been, is `unknown`, and
    /// each line behind it is `not_sent`, since a line is sent only when the one before it is recorded.
    /// - Parameter failure: why the one that is `unknown` is that.
    func missingResults(_ playbook: RecordedPlaybook, for failure: RecordedFailure) -> [StepRecord] {
        var reached = 0
        var mayHaveSent = isOpen
        if let result {
            // Without its line it is not one of psrun's, and says nothing of the lines behind it.
            let step = StepRecord(parsing: result)
            guard let step, let last = step.lastLine.flatMap(Int.init(exactly:)) else { return [] }
            reached = last
            // What is left out is told at the session's end, when no more is sent.
            mayHaveSent = !step.isLeftOut && (isOpen || step.earlierRun == nil)
        }
        var records: [StepRecord] = []
        for line in playbook.code where line.number > reached && line.number <= start.through {
            let run = start.run(ofLine: line.number)
            records.append(.missing(.notSent, line.number...line.number, line.text, earlierRun: run))
        }
        reached = max(reached, start.through)
        if let step = running(behind: reached, playbook.lines) {
            records.append(.missing(.unknown, step.lines, step.text, failure))
            reached = max(reached, step.lines.upperBound)
        } else if mayHaveSent, !start.isHeld, let next = playbook.next(behind: reached) {
            records.append(.missing(.unknown, next.lines, next.text, failure))
            reached = next.lines.upperBound
        }
        for line in playbook.code where line.number > reached {
            let doubt = start.doubt.flatMap { $0.lines.contains(line.number) ? $0 : nil }
            let lines = line.number...line.number
            records.append(.missing(doubt == nil ? .notSent : .unknown, lines, line.text, earlierRun: doubt?.run))
        }
        return records
    }

    /// The step that has begun, with the lines that it takes of the playbook.
    private func running(behind reached: Int, _ lines: [PlaybookLine]) -> (lines: ClosedRange<Int>, text: String)? {
        guard let marker else { return nil }
        let first = Self.line(in: marker)
        let text = sent.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        guard first > 0 else { return (0...0, text) }
        // A line that the playbook does not have is not one of psrun's.
        guard first <= lines.count else { return (first...first, text) }
        guard !sent.isEmpty else {
            return (first...first, lines.first { $0.number == first }?.text ?? "")
        }
        // A comment before a block may go with it.
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = stride(from: first, to: reached, by: -1).first { start in
            lines.dropFirst(start - 1).prefix(parts.count).elementsEqual(parts) { $0.text == $1 }
        }
        return (first...max(first, (start ?? first) + parts.count - 1), text)
    }

    /// The line that a marker names; 0 for the profile. Recordings of the first version have the line's text behind it.
    private static func line(in marker: [UInt8]) -> Int {
        let text = String(decoding: marker.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        return StepMarker.firstLine(in: text).flatMap(Int.init(exactly:)) ?? 0
    }
}

extension StepRecord {
    /// The result of lines of which no result was recorded.
    fileprivate static func missing(
        _ outcome: RecordedOutcome,
        _ lines: ClosedRange<Int>,
        _ text: String,
        _ failure: RecordedFailure? = nil,
        earlierRun: String? = nil
    ) -> StepRecord {
        StepRecord(
            firstLine: lines.lowerBound,
            lastLine: lines.upperBound,
            text: text,
            outcome: outcome,
            succeeded: nil,
            lastExitCode: nil,
            failure: failure,
            earlierRun: earlierRun,
            startedMicroseconds: nil,
            durationMicroseconds: nil
        )
    }
}
