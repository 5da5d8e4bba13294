import RecordingFormat
import Resuming
import Testing

/// What a recorded session leaves to be done, kind by kind.
struct StandingTests {
    private static let run = "20261130T020000Z-night-000001"
    private static let before = "20261129T020000Z-night-000000"

    private static func facts(
        _ steps: [(lines: ClosedRange<Int>, outcome: RecordedOutcome, earlier: String?)],
        _ outcome: RecordedOutcome,
        code: String? = nil,
        isTruncated: Bool = false
    ) -> SessionFacts {
        var facts = SessionFacts(target: "op@web01:2222")
        for step in steps {
            let record = StepRecord(
                firstLine: step.lines.lowerBound,
                lastLine: step.lines.upperBound,
                text: "",
                outcome: step.outcome,
                succeeded: nil,
                lastExitCode: nil,
                earlierRun: step.earlier,
                startedMicroseconds: nil,
                durationMicroseconds: nil
            )
            facts.take(.step, String(decoding: record.encoded, as: UTF8.self))
        }
        let failure = code.map { RecordedFailure(code: $0, message: "") }
        let record =
            isTruncated
            ? TargetRecord(target: "web01", outcome: outcome, truncatedBy: RecordedFailure(code: "", message: ""))
            : TargetRecord(
                target: "web01",
                outcome: outcome,
                exitCode: nil,
                phase: nil,
                durationMicroseconds: 1,
                phases: [],
                failure: failure
            )
        facts.take(.exit, String(decoding: record.encoded, as: UTF8.self))
        return facts
    }

    private func standing(_ facts: SessionFacts) -> Standing { Standing(facts, of: Self.run) }

    @Test("Who was not reached, and who was not run, begins at the beginning")
    func fresh() {
        for outcome in [RecordedOutcome.unreachable, .notRun] {
            #expect(standing(Self.facts([(1...2, .notSent, nil)], outcome)) == .open(.beginning))
        }
    }

    @Test("A session that its playbook, an error or itself has ended is whole")
    func whole() {
        #expect(standing(Self.facts([(1...1, .ok, nil), (2...2, .error, nil)], .error)) == .whole)
        // -ErrorAction Stop, exit and a refused block.
        for code in [nil, "NonZeroExit", "BlockRefused"] {
            #expect(
                standing(Self.facts([(1...1, .failed, nil), (2...2, .notSent, nil)], .failed, code: code)) == .whole
            )
        }
        #expect(standing(Self.facts([(1...1, .ok, nil), (2...2, .notSent, nil)], .ok)) == .whole)
    }

    @Test("What was cut off between two lines goes on behind the last, whatever that had come to")
    func between() {
        let start = TargetStart(ran: [.init(through: 3, run: Self.run)])
        let steps: [(ClosedRange<Int>, RecordedOutcome, String?)] = [
            (1...1, .ok, nil), (2...3, .error, nil), (4...4, .notSent, nil),
        ]
        #expect(standing(Self.facts(steps, .broken, code: "ConnectionLost")) == .open(start))
        #expect(standing(Self.facts(steps, .timedOut, code: "RunTimeout")) == .open(start))
        #expect(standing(Self.facts(steps, .error, code: "Interrupted")) == .open(start))
        #expect(standing(Self.facts(steps, .broken, isTruncated: true)) == .open(start))
    }

    @Test("A line that was sent and did not end, or was stopped, is in doubt; one that others followed is not")
    func inDoubt() {
        var start = TargetStart(ran: [.init(through: 1, run: Self.run)])
        start.doubt = .init(2...3, run: Self.run)
        for outcome in [RecordedOutcome.unknown, .stopped] {
            let steps: [(ClosedRange<Int>, RecordedOutcome, String?)] = [
                (1...1, .unknown, nil), (2...3, outcome, nil), (4...4, .notSent, nil),
            ]
            #expect(standing(Self.facts(steps, .failed, code: "Interrupted")) == .inDoubt(start))
            // Also where it is the last, and with nothing behind it.
            #expect(standing(Self.facts(Array(steps.dropLast()), .timedOut)) == .inDoubt(start))
        }
    }

    @Test("What earlier runs did is theirs: lines that ran, and lines in doubt that are told one by one")
    func earlier() {
        let steps: [(ClosedRange<Int>, RecordedOutcome, String?)] = [
            (1...1, .notSent, Self.before), (2...2, .unknown, Self.before), (3...3, .unknown, Self.before),
            (4...4, .notSent, nil),
        ]
        var start = TargetStart(ran: [.init(through: 1, run: Self.before)])
        start.doubt = .init(2...3, run: Self.before)
        #expect(standing(Self.facts(steps, .notRun, code: "LineInDoubt")) == .inDoubt(start))
        let continued: [(ClosedRange<Int>, RecordedOutcome, String?)] = [
            (1...1, .notSent, Self.before), (2...3, .ok, nil), (4...4, .notSent, nil),
        ]
        let both = TargetStart(ran: [.init(through: 1, run: Self.before), .init(through: 3, run: Self.run)])
        #expect(standing(Self.facts(continued, .broken)) == .open(both))
    }

    @Test("A profile is no line of the playbook: its session loads it, and so does the next one")
    func profile() {
        let steps: [(ClosedRange<Int>, RecordedOutcome, String?)] = [(0...0, .unknown, nil), (1...1, .notSent, nil)]
        #expect(standing(Self.facts(steps, .broken, isTruncated: true)) == .open(.beginning))
    }

    @Test("A recording that does not say how a session ended proves nothing of the lines behind the last")
    func untold() {
        var facts = SessionFacts(target: "web01")
        facts.take(
            .connection,
            "\(RecordedLead.place){\"address\":\"10.0.0.1\",\"label\":\"x\",\"computer_name\":\"x\"}"
        )
        facts.take(.connection, "\(RecordedLead.place){\"address\":\"10.6.6.6\"}")
        #expect(facts.place?.address == "10.0.0.1")
        var start = TargetStart()
        start.doubt = .init(1...1, run: Self.run)
        #expect(standing(facts) == .inDoubt(start))
    }

    @Test("--repeat-unknown takes a target by its host or whole, with or without the line, and nothing else")
    func wishes() throws {
        let facts = Self.facts([(1...1, .ok, nil), (2...3, .unknown, nil), (4...4, .notSent, nil)], .broken)
        for text in ["all", "web01", "WEB01", "op@web01:2222", "web01:3", "op@web01:2222:2"] {
            var plan = ResumePlan([facts], of: Self.run)
            #expect(!plan.hasWork && plan.held.count == 1)
            try plan.send(again: [RepeatWish(text)])
            #expect(plan.hasWork && plan.repeating.count == 1, "\(text)")
            #expect(plan.targets[0].start.through == 1)
        }
        for text in ["web02", "web01:1", "web01:4", "web0", "", ":", "web01:"] {
            var plan = ResumePlan([facts], of: Self.run)
            #expect(throws: ResumeError.self, "\(text)") { try plan.send(again: [RepeatWish(text)]) }
        }
    }

    @Test("A value of --repeat-unknown that may be a target or a line of another is refused")
    func ambiguousWish() throws {
        let doubtful = Self.facts([(1...1, .ok, nil), (2...2, .unknown, nil)], .broken)
        var other = SessionFacts(target: "op@web01:2222:2")
        for step in doubtful.steps { other.take(.step, String(decoding: step.encoded, as: UTF8.self)) }
        var plan = ResumePlan([doubtful, other], of: Self.run)
        #expect(throws: ResumeError.self) { try plan.send(again: [RepeatWish("op@web01:2222:2")]) }
    }

    @Test("How many lines ran, and how many may have, counts blocks by their lines and leaves profiles out")
    func counts() {
        let facts = Self.facts(
            [
                (0...0, .ok, nil), (1...1, .notSent, Self.before), (2...4, .error, nil), (5...6, .unknown, nil),
                (7...7, .notSent, nil),
            ],
            .broken
        )
        #expect(facts.linesRun == 4 && facts.linesInDoubt == 2)
    }
}
