package import RecordingFormat

/// One target's session as a JUnit test suite: a case for its session, and one for each line of the playbook.
///
/// The cases are the same every night, whether the target was reached or not, so that a server which keeps a history finds
/// each again. Lines of blanks and lines that begin with `#` are none. Of a block the first line tells how it ended; the
/// others pass with it, and are skipped where it is not ok. Each case has one failure or error at most, since some readers
/// count each of them.
package struct JUnitSuite: Sendable {
    /// A line of the playbook, or the profile (0).
    package struct Line: Sendable, Hashable {
        package let number: Int
        package let text: String

        package init(number: Int, text: String) {
            (self.number, self.text) = (number, text)
        }

        var name: String {
            number == 0 ? StepMarker.text(firstLine: 0) : "\(StepMarker.text(firstLine: number)): \(text)"
        }

        var isCase: Bool {
            guard let first = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else {
                return number == 0
            }
            return first != "#" || number == 0
        }
    }

    /// A step of the playbook that has ended, or was not sent.
    package struct Step: Sendable {
        package var firstLine: Int
        package var text: String
        package var outcome: RecordedOutcome
        package var microseconds: Int64
        /// What a console showed, and the part of it that tells of errors; without colours.
        package var output: String
        package var errors: String
        private let record: StepRecord
        /// Nothing tells whether it failed: `$?` was False before.
        package var wasAlreadyFalse: Bool

        package init(_ record: StepRecord, output: String, errors: String = "") {
            firstLine = Int(clamping: record.firstLine ?? 0)
            text = record.text ?? ""
            outcome = record.outcome ?? .unknown
            microseconds = record.durationMicroseconds ?? 0
            (self.output, self.errors) = (output, errors)
            self.record = record
            wasAlreadyFalse = record.wasAlreadyFalse
        }

        /// Of one that was not sent: it may have run before.
        fileprivate var whyNotSent: String { record.earlierRun.map { "the line ran in \($0)" } ?? JUnitSuite.notSent }

        /// What is to be said beside the outcome.
        fileprivate var remark: String? { record.remark }

        /// Why it is not ok, in a line.
        fileprivate var reason: String {
            let shown = (errors.isEmpty ? output : errors).split { $0 == "\n" || $0 == "\r\n" }.first
            return record.reason(shown: shown.map(String.init) ?? "")
        }

        /// Whether it was cut off, and its record does not tell by what: the session's end does.
        fileprivate var isUntold: Bool {
            switch outcome {
            case .ok, .error, .failed, .notSent: false
            default: record.failure == nil
            }
        }

        fileprivate var lines: [Line] {
            guard firstLine > 0 else { return [Line(number: 0, text: "")] }
            let texts = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            return texts.enumerated().map { Line(number: firstLine &+ $0.offset, text: String($0.element)) }
        }
    }

    package private(set) var counts = JUnitCounts()
    private let className: String
    /// The playbook's, where they are known; and those that have a case.
    private let lines: [Line]
    private var told: Set<Int> = []
    /// Steps of which the session's end tells what cut them off, with their cases' names.
    private var untold: [(name: String, step: Step)] = []

    /// - Parameters:
    ///   - className: what servers group cases by: the playbook and the target.
    ///   - lines: the playbook's; empty where only the steps tell.
    package init(className: String, lines: [Line] = []) {
        self.className = className
        self.lines = lines
    }

    /// Why a target was not run although it was entered: the playbook and it do not fit, or it would not have it, and the next
    /// run will meet that again. What ran out of time or was interrupted is merely skipped.
    private static let refusals: Set<String> = [
        "PlaybookSyntaxError", "CutNotUsable", "WrongLanguage", "ScriptsNotAllowed", "RequiredCommandsMissing",
        "SessionEnded",
    ]

    /// The cases of a step.
    package mutating func cases(of step: Step) -> [UInt8] {
        var bytes: [UInt8] = []
        for (place, line) in step.lines.filter(\.isCase).enumerated() where told.insert(line.number).inserted {
            if place == 0, step.isUntold {
                untold.append((line.name, step))
            } else if place == 0 {
                bytes += testCase(line.name, step.microseconds, verdict(on: step), output: output(of: step))
            } else {
                let isWell = step.outcome == .ok || step.outcome == .error && step.wasAlreadyFalse
                let why = step.outcome == .notSent ? step.whyNotSent : "the line is a part of a block that is not ok"
                bytes += testCase(line.name, 0, isWell ? nil : JUnitVerdict(.skipped, why))
            }
        }
        return bytes
    }

    /// The cases of the lines that no step had, and that of the session: whether it was entered, lasted, and ended well.
    package mutating func lastCases(of result: TargetRecord) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, step) in untold {
            let verdict = JUnitVerdict(.error, Self.why(result), type: step.outcome.rawValue)
            bytes += testCase(name, step.microseconds, verdict, output: step.output)
        }
        for line in lines where line.isCase && told.insert(line.number).inserted {
            bytes += testCase(line.name, 0, JUnitVerdict(.skipped, Self.notSent))
        }
        let phases = result.phases.reduce(0) { $0 &+ max(0, $1.microseconds) }
        return bytes + testCase("session", phases, verdict(on: result))
    }

    /// What stands before the cases; behind them stands `end`.
    /// - Parameter startedSeconds: since 1970, UTC; nil where it is not known.
    package func beginning(of target: String, microseconds: Int64, startedSeconds: Int64?) -> [UInt8] {
        let target = XMLText.attribute(target)
        // JUnit's schema has the time without a zone.
        let started = startedSeconds.map { UTCTime(secondsSince1970: $0).extended.dropLast() }
        let timestamp = started.map { " timestamp=\"\($0)\"" } ?? ""
        return Array(
            ("  <testsuite name=\"\(target)\" hostname=\"\(target)\"\(counts.attributes)"
                + " time=\"\(JUnitCounts.seconds(microseconds))\"\(timestamp)>\n").utf8
        )
    }

    package static let end = Array("  </testsuite>\n".utf8)

    fileprivate static let notSent = "the line was not sent"

    private func verdict(on step: Step) -> JUnitVerdict? {
        let message = step.reason
        switch step.outcome {
        case .ok: return nil
        // A suite counts one failure for it: that of the step that made `$?` False.
        case .error where step.wasAlreadyFalse: return nil
        case .notSent: return JUnitVerdict(.skipped, step.whyNotSent)
        case .error, .failed: return JUnitVerdict(.failure, message, type: step.outcome.rawValue, body: step.errors)
        default: return JUnitVerdict(.error, message, type: step.outcome.rawValue, body: step.errors)
        }
    }

    private func output(of step: Step) -> String {
        (step.wasAlreadyFalse ? step.remark.map { "\($0)\n" } ?? "" : "") + step.output
    }

    private func verdict(on result: TargetRecord) -> JUnitVerdict? {
        let outcome = result.judgedOutcome
        let isRefused = outcome == .notRun && result.failure?.code.map(Self.refusals.contains) ?? false
        let isBroken = [RecordedOutcome.unreachable, .timedOut, .broken, .unknown].contains(outcome)
        // A session may fail by more than its steps, as by one that was to enter a further session.
        let hasFailedAlone = !result.isWell && outcome != .notRun && counts.failures + counts.errors == 0
        let why = Self.why(result)
        if isRefused || isBroken || result.isTruncated || hasFailedAlone && result.exitCode ?? 0 == 0 {
            return JUnitVerdict(.error, why, type: outcome.rawValue, body: why)
        }
        if hasFailedAlone { return JUnitVerdict(.failure, why, type: outcome.rawValue, body: why) }
        guard outcome == .notRun else { return nil }
        return JUnitVerdict(.skipped, result.failure?.message ?? "no line was sent")
    }

    private static func why(_ result: TargetRecord) -> String {
        if let message = result.failure?.message { return message }
        if result.isTruncated { return "the recording of this session is cut off" }
        if let exitCode = result.exitCode, exitCode != 0 { return "the session ended with exit code \(exitCode)" }
        return "the session ended \(result.judgedOutcome.rawValue)"
    }

    private mutating func testCase(
        _ name: String,
        _ microseconds: Int64,
        _ verdict: JUnitVerdict?,
        output: String = ""
    ) -> [UInt8] {
        counts.add(verdict)
        var text = "    <testcase classname=\"\(XMLText.attribute(className))\" name=\"\(XMLText.attribute(name))\""
        text += " time=\"\(JUnitCounts.seconds(microseconds))\">\n"
        if let verdict { text += "      \(verdict.element)\n" }
        if !output.isEmpty { text += "      <system-out>\(XMLText.escaped(output))</system-out>\n" }
        text += "    </testcase>\n"
        return Array(text.utf8)
    }
}
