package import RecordingFormat

/// JUnit XML: a test suite for each target, a test case for its session, and one for each step.
///
/// The session's case is always there, so that a suite that keeps a history sees the same cases every night; of a target
/// that nothing was sent to it is the only one. Holds one session's cases at a time.
package struct JUnitEncoder: RecordingEncoder {
    private var run = ExportedRun(name: "")
    private var session = ExportedSession(number: 1, target: "")
    private var header: EntryHeader?
    private var assembler = StepAssembler()
    private var cases: [UInt8] = []
    /// Where in `cases` the step's error is to stand whose record does not tell what cut it off, and its outcome: the session's
    /// end tells.
    private var untold: (place: Int, outcome: String)?
    /// Whether a line was sent. Where none was, what the blocks would have been is not known, and so they are no cases.
    private var hasStep = false
    private var counts = Counts()

    /// Why a target was not run although it was entered: the playbook and it do not fit, or it would not have it, and the next
    /// run will meet that again. What ran out of time or was interrupted is merely skipped.
    private static let refusals: Set<String> = [
        "PlaybookSyntaxError", "CutNotUsable", "WrongLanguage", "ScriptsNotAllowed", "RequiredCommandsMissing",
        "SessionEnded",
    ]

    private struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0
    }

    package init() {}

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        self.run = run
        bytes += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(XMLText.attribute(run.title))\"".utf8
        if let microseconds = run.facts.durationMicroseconds {
            bytes += " time=\"\(Self.seconds(microseconds))\"".utf8
        }
        bytes += ">\n".utf8
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        self.session = session
        header = nil
        assembler = StepAssembler()
        cases = []
        untold = nil
        hasStep = false
        counts = Counts()
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        switch try CastLine(decoding: line, number: number) {
        case .header(let header): self.header = header
        case .event(let event): assembler.take(event).map { add($0) }
        case .other: break
        }
    }

    package mutating func endSession(to bytes: inout [UInt8]) {
        assembler.finish().map { add($0) }
        tellUntold()
        addSessionCase()
        let target = XMLText.attribute(session.target)
        bytes += "  <testsuite name=\"\(target)\" hostname=\"\(target)\" tests=\"\(counts.tests)\"".utf8
        bytes += " failures=\"\(counts.failures)\" errors=\"\(counts.errors)\" skipped=\"\(counts.skipped)\"".utf8
        bytes += " time=\"\(Self.seconds(assembler.result.durationMicroseconds ?? 0))\"".utf8
        if let header {
            // JUnit's schema has the time without a zone.
            let started = UTCTime(secondsSince1970: header.startedSeconds).extended.dropLast()
            bytes += " timestamp=\"\(started)\"".utf8
        }
        bytes += ">\n".utf8
        bytes += cases
        bytes += "  </testsuite>\n".utf8
        cases = []
    }

    package mutating func end(to bytes: inout [UInt8]) {
        bytes += "</testsuites>\n".utf8
    }

    private mutating func add(_ step: RecordedStep) {
        guard step.isStep else { return }
        if !hasStep, step.result.isLeftOut { return }
        hasStep = true
        let firstLine = step.text.split { $0 == "\n" || $0 == "\r\n" }.first ?? ""
        open(name: "\(step.title): \(firstLine)", microseconds: step.microseconds ?? 0)
        let output = step.output
        let errors = step.errors
        let shown = (errors.isEmpty ? output : errors).split { $0 == "\n" || $0 == "\r\n" }.first.map(String.init)
        let text = step.result.reason(shown: shown ?? "")
        let outcome = step.outcome?.rawValue ?? ""
        switch step.outcome {
        case .ok: break
        // A suite counts one failure for it: that of the step that made `$?` False.
        case .error where step.result.wasAlreadyFalse: break
        case .error, .failed:
            counts.failures += 1
            element("failure", type: outcome, message: text, body: errors)
        case .notSent:
            counts.skipped += 1
            let why = step.result.earlierRun.map { "the line ran in \($0)" } ?? "the line was not sent"
            cases += "      <skipped message=\"\(XMLText.escaped(why))\"/>\n".utf8
        default:
            counts.errors += 1
            if step.result.failure == nil {
                untold = (cases.count, outcome)
            } else {
                element("error", type: outcome, message: text, body: errors)
            }
        }
        let told = (step.result.wasAlreadyFalse ? step.result.remark.map { "\($0)\n" } ?? "" : "") + output
        if !told.isEmpty { cases += "      <system-out>\(XMLText.escaped(told))</system-out>\n".utf8 }
        cases += "    </testcase>\n".utf8
    }

    /// Puts in what the session's end tells of a step that was cut off.
    private mutating func tellUntold() {
        guard let untold else { return }
        let rest = cases[untold.place...]
        cases = Array(cases[..<untold.place])
        element("error", type: untold.outcome, message: why(assembler.result), body: "")
        cases += rest
    }

    /// The session itself: whether it was entered, lasted, and ended well.
    private mutating func addSessionCase() {
        let result = assembler.result
        let outcome = result.judgedOutcome
        let isRefused = outcome == .notRun && result.failure?.code.map(Self.refusals.contains) ?? false
        let isBroken = [RecordedOutcome.unreachable, .timedOut, .broken, .unknown].contains(outcome)
        let exitCode = result.exitCode ?? 0
        // A session may fail by more than its steps, as by one that was to enter a further session.
        let hasFailedAlone = !result.isWell && outcome != .notRun && counts.failures + counts.errors == 0
        open(name: "session", microseconds: result.phases.reduce(0) { $0 &+ max(0, $1.microseconds) })
        if isRefused || isBroken || result.isTruncated || hasFailedAlone && exitCode == 0 {
            counts.errors += 1
            element("error", type: outcome.rawValue, message: why(result), body: why(result))
        } else if hasFailedAlone {
            counts.failures += 1
            element("failure", type: outcome.rawValue, message: why(result), body: why(result))
        } else if outcome == .notRun {
            counts.skipped += 1
            let message = result.failure?.message ?? "no line was sent"
            cases += "      <skipped message=\"\(XMLText.attribute(message))\"/>\n".utf8
        }
        cases += "    </testcase>\n".utf8
    }

    private func why(_ result: TargetRecord) -> String {
        if let message = result.failure?.message { return message }
        if result.isTruncated { return "the recording of this session is cut off" }
        if let exitCode = result.exitCode, exitCode != 0 { return "the session ended with exit code \(exitCode)" }
        return "the session ended \(result.judgedOutcome.rawValue)"
    }

    private mutating func open(name: String, microseconds: Int64) {
        counts.tests += 1
        let suite = [run.playbookName ?? run.name, session.target].filter { !$0.isEmpty }.joined(separator: ".")
        cases += "    <testcase classname=\"\(XMLText.attribute(suite))\" name=\"\(XMLText.attribute(name))\"".utf8
        cases += " time=\"\(Self.seconds(microseconds))\">\n".utf8
    }

    private mutating func element(_ name: String, type: String, message: String, body: String) {
        cases += "      <\(name) type=\"\(XMLText.attribute(type))\" message=\"\(XMLText.attribute(message))\">".utf8
        cases += "\(XMLText.escaped(body))</\(name)>\n".utf8
    }

    private static func seconds(_ microseconds: Int64) -> String {
        let fraction = String(1_000_000 + max(0, microseconds) % 1_000_000).dropFirst()
        return "\(max(0, microseconds) / 1_000_000).\(fraction)"
    }
}
