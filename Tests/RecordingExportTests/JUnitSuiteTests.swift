import RecordingExport
import RecordingFormat
import Testing

@Suite("A JUnit suite")
struct JUnitSuiteTests {
    private static let playbook = ["# before", "", "if ($x) {", "  # why", "  1", "}", "2", "# behind"]

    private static var lines: [JUnitSuite.Line] {
        playbook.enumerated().map { .init(number: $0.offset + 1, text: $0.element) }
    }

    private func step(_ range: ClosedRange<Int>, _ outcome: RecordedOutcome, output: String = "") -> JUnitSuite.Step {
        let record = StepRecord(
            firstLine: range.lowerBound,
            lastLine: range.upperBound,
            text: Self.playbook[(range.lowerBound - 1)..<range.upperBound].joined(separator: "\n"),
            outcome: outcome,
            succeeded: nil,
            lastExitCode: nil,
            startedMicroseconds: 1,
            durationMicroseconds: 2_000_000
        )
        return .init(record, output: output)
    }

    private func record(_ outcome: RecordedOutcome) -> TargetRecord {
        TargetRecord(
            target: "web01",
            outcome: outcome,
            exitCode: nil,
            phase: nil,
            durationMicroseconds: 0,
            phases: [("tcp", 1_000)],
            failure: outcome == .ok ? nil : RecordedFailure(code: "c", message: "why")
        )
    }

    private func suite(_ steps: [JUnitSuite.Step], _ outcome: RecordedOutcome) -> (names: [Substring], text: String) {
        var suite = JUnitSuite(className: "p.ps1.web01", lines: Self.lines)
        let cases = steps.flatMap { suite.cases(of: $0) } + suite.lastCases(of: record(outcome))
        let head = suite.beginning(of: "web01", microseconds: 5, startedSeconds: 0)
        let text = String(decoding: head + cases + JUnitSuite.end, as: UTF8.self)
        let names = text.split(separator: "<testcase ").dropFirst().compactMap {
            $0.split(separator: " name=\"")[1].split(separator: "\"").first
        }
        return (names, text)
    }

    @Test("Whatever the blocks were, and whether the target was reached or not, the cases are the playbook's lines")
    func sameCases() {
        let expected = ["line 3: if ($x) {", "line 5:   1", "line 6: }", "line 7: 2", "session"].sorted()
        for (steps, outcome) in [
            ([step(1...6, .ok), step(7...7, .ok)], RecordedOutcome.ok), ([], .unreachable),
            ([step(1...1, .ok), step(3...6, .ok), step(7...7, .ok), step(8...8, .ok)], .ok),
            ((1...8).map { step($0...$0, .notSent) }, .timedOut), ([step(1...6, .failed)], .failed),
        ] {
            #expect(suite(steps, outcome).names.map(String.init).sorted() == expected)
        }
    }

    @Test("A block that failed is one failure, and its further lines are skipped; the counts are those of the cases")
    func counts() {
        let failed = suite([step(1...6, .failed, output: "bad\nworse"), step(7...7, .notSent)], .failed).text
        #expect(failed.contains("tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"3\""), "\(failed)")
        #expect(
            failed.contains("<failure type=\"failed\" message=\"bad\">") && failed.contains("bad\nworse</system-out>")
        )
        #expect(failed.contains("classname=\"p.ps1.web01\" name=\"line 3: if ($x) {\" time=\"2.000000\""))
        let good = suite([step(1...6, .ok), step(7...7, .ok)], .ok).text
        #expect(good.contains("tests=\"5\" failures=\"0\" errors=\"0\" skipped=\"0\""), "\(good)")
        #expect(good.contains("name=\"session\" time=\"0.001000\""))
        let lost = suite([], .unreachable).text
        #expect(lost.contains("tests=\"5\" failures=\"0\" errors=\"1\" skipped=\"4\""), "\(lost)")
        #expect(lost.contains("<error type=\"unreachable\" message=\"why\">why</error>"))
    }

    @Test("A document has the counts of all its suites")
    func document() {
        var suite = JUnitSuite(className: "c", lines: Self.lines)
        _ = suite.lastCases(of: record(.unreachable))
        var counts = JUnitCounts()
        counts.add(suite.counts)
        counts.add(suite.counts)
        let text = JUnitDocument.beginning(name: "a<b", counts: counts, microseconds: 1_500_000)
        let head =
            "<testsuites name=\"a&lt;b\" tests=\"10\" failures=\"0\" errors=\"2\" skipped=\"8\" time=\"1.500000\">\n"
        #expect(String(decoding: text, as: UTF8.self).hasSuffix(head))
    }
}
