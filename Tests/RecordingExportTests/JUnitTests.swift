import RecordingExport
import RecordingFormat
import Testing

@Suite("JUnit")
struct JUnitTests {
    private static func junit(_ steps: [(outcome: String, isSent: Bool)], ending: String) throws -> String {
        var events: [(seconds: Double, code: RecordedCode, text: String)] = []
        for (index, step) in steps.enumerated() {
            if step.isSent { events.append((0.1, .marker, "line \(index + 1)")) }
            events.append((0.2, .step, SampleSession.result(index + 1, "x", step.outcome)))
        }
        events.append((0.3, .exit, ending))
        return try encodedText(SampleSession.cast(events), by: JUnitEncoder())
    }

    @Test("A target that refuses the playbook is an error, and one that nothing was sent to in time is skipped")
    func notRun() throws {
        for (code, counts) in [
            ("PlaybookSyntaxError", "tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\""),
            ("CutNotUsable", "tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\""),
            ("SessionEnded", "tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\""),
            ("Interrupted", "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"2\""),
            ("RunTimeout", "tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"2\""),
        ] {
            let ending = "{\"outcome\":\"not_run\",\"error\":{\"code\":\"\(code)\",\"message\":\"why\"}}"
            let xml = try Self.junit([("not_sent", false)], ending: ending)
            #expect(xml.contains(counts), "\(xml)")
            #expect(xml.contains("message=\"why\""))
        }
    }

    @Test("A session that is not well for another reason than its steps has an error of its own")
    func failedAlone() throws {
        let ending = "{\"outcome\":\"error\",\"error\":{\"code\":\"NestedSession\",\"message\":\"why\"}}"
        let alone = try Self.junit([("ok", true), ("not_sent", false)], ending: ending)
        #expect(alone.contains("failures=\"0\" errors=\"1\" skipped=\"1\""), "\(alone)")
        let told = try Self.junit([("error", true), ("not_sent", false)], ending: ending)
        #expect(told.contains("failures=\"1\" errors=\"0\" skipped=\"1\""), "\(told)")
    }

    @Test("A target that was not reached has the cases that every target has every night, and one error")
    func sameCases() throws {
        func names(_ xml: String) -> [Substring] {
            xml.split(separator: " name=\"").dropFirst(3).compactMap { $0.split(separator: "\"").first }
        }
        let good = try Self.junit([("ok", true), ("ok", true)], ending: "{\"outcome\":\"ok\"}")
        #expect(names(good) == ["line 1: x", "line 2: x", "session"], "\(good)")
        #expect(good.contains("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\""))
        for outcome in ["unreachable", "timed_out", "broken"] {
            let ending = "{\"outcome\":\"\(outcome)\",\"error\":{\"code\":\"c\",\"message\":\"why\"}}"
            let bad = try Self.junit([("not_sent", false), ("not_sent", false)], ending: ending)
            #expect(names(bad) == names(good), "\(bad)")
            #expect(bad.contains("tests=\"3\" failures=\"0\" errors=\"1\" skipped=\"2\""), "\(bad)")
            #expect(bad.split(separator: "<error ").count == 2 && bad.contains("message=\"why\""))
        }
    }

    @Test("An exit code other than 0 is a failure, of its step or, in an older recording, of its session")
    func nonZeroExit() throws {
        let old = try Self.junit([("ok", true), ("not_sent", false)], ending: "{\"outcome\":\"ok\",\"exit_code\":3}")
        #expect(old.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""), "\(old)")
        #expect(old.contains("message=\"the session ended with exit code 3\""))
        let fine = try Self.junit([("ok", true), ("not_sent", false)], ending: "{\"outcome\":\"ok\",\"exit_code\":0}")
        #expect(fine.contains("failures=\"0\" errors=\"0\" skipped=\"1\""), "\(fine)")
        let step = StepRecord(
            firstLine: 1,
            lastLine: 1,
            text: "exit 3",
            outcome: .error,
            succeeded: nil,
            lastExitCode: nil,
            exitCode: 3,
            startedMicroseconds: 1,
            durationMicroseconds: 1
        )
        let new = try encodedText(
            SampleSession.cast([
                (0.1, .marker, "line 1"), (0.2, .step, String(decoding: step.encoded, as: UTF8.self)),
                (0.3, .exit, "{\"outcome\":\"error\",\"exit_code\":3}"),
            ]),
            by: JUnitEncoder()
        )
        #expect(new.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\""), "\(new)")
        #expect(new.contains("<failure type=\"error\" message=\"asked for exit code 3\">"))
    }

    @Test("A step that was cut off has the reason for that as its error, and never what it wrote")
    func cutOff() throws {
        func junit(_ failure: RecordedFailure?) throws -> String {
            let step = StepRecord(
                firstLine: 2,
                lastLine: 2,
                text: "sleep 60",
                outcome: .unknown,
                succeeded: nil,
                lastExitCode: nil,
                failure: failure,
                startedMicroseconds: 2,
                durationMicroseconds: 3
            )
            let ending = #"{"outcome":"broken","error":{"code":"ConnectionLost","message":"web01: it was lost"}}"#
            return try encodedText(
                SampleSession.cast([
                    (0.1, .marker, "line 1"), (0.2, .step, SampleSession.result(1, "x", "ok")),
                    (0.3, .marker, "line 2"), (0.4, .input, "sleep 60"), (0.5, .output, "out\r\n"),
                    (0.6, .step, String(decoding: step.encoded, as: UTF8.self)),
                    (0.7, .step, SampleSession.result(3, "y", "not_sent")), (0.8, .exit, ending),
                ]),
                by: JUnitEncoder()
            )
        }
        let new = try junit(RecordedFailure(code: "ConnectionLost", message: "the SSH connection was lost"))
        #expect(new.contains("<error type=\"unknown\" message=\"the SSH connection was lost\"></error>"), "\(new)")
        // psrun 0.1.0 recorded no reason with the step.
        let old = try junit(nil)
        #expect(old.contains("<error type=\"unknown\" message=\"web01: it was lost\"></error>"), "\(old)")
        for xml in [new, old] {
            #expect(!xml.contains("message=\"out\"") && xml.contains("<system-out>out"), "\(xml)")
            #expect(xml.contains("tests=\"4\" failures=\"0\" errors=\"2\" skipped=\"1\""), "\(xml)")
        }
    }

    @Test("A failure's message has the exit code before what the step wrote")
    func exitCode() throws {
        let step = StepRecord(
            firstLine: 1,
            lastLine: 1,
            text: "check",
            outcome: .error,
            succeeded: false,
            lastExitCode: 2,
            startedMicroseconds: 1,
            durationMicroseconds: 1
        )
        let xml = try encodedText(
            SampleSession.cast([
                (0.1, .marker, "line 1"), (0.2, .input, "check"), (0.3, .output, "disk is full\r\n"),
                (0.4, .step, String(decoding: step.encoded, as: UTF8.self)), (0.5, .exit, #"{"outcome":"error"}"#),
            ]),
            by: JUnitEncoder()
        )
        #expect(xml.contains("<failure type=\"error\" message=\"exit code 2: disk is full\">"), "\(xml)")
    }

    @Test("Of steps that only found $? False already, the one that made it False is the failure")
    func alreadyFalse() throws {
        let first = SampleSession.result(1, "/bin/false", "error")
        let second = StepRecord(
            firstLine: 2,
            lastLine: 2,
            text: "foreach ($n in @()) {}",
            outcome: .error,
            succeeded: false,
            wasAlreadyFalse: true,
            lastExitCode: 1,
            startedMicroseconds: 2,
            durationMicroseconds: 3
        )
        let xml = try encodedText(
            SampleSession.cast([
                (0.1, .marker, "line 1"), (0.2, .step, first), (0.3, .marker, "line 2"),
                (0.4, .step, String(decoding: second.encoded, as: UTF8.self)), (0.5, .exit, "{\"outcome\":\"error\"}"),
            ]),
            by: JUnitEncoder()
        )
        #expect(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"0\""), "\(xml)")
        #expect(xml.contains("<system-out>$? was already False\n</system-out>"))
    }
}
