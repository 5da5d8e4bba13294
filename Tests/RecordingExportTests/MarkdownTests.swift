import RecordingExport
import RecordingFormat
import Testing

@Suite struct MarkdownTests {
    private static func markdown(target: String, text: String, output: String) throws -> String {
        let cast = SampleSession.cast([
            (0.1, .marker, "line 1"), (0.1, .input, text), (0.2, .output, output),
            (0.3, .step, SampleSession.result(1, text, "ok")),
            (0.4, .exit, "{\"outcome\":\"ok\",\"duration_us\":400000}"),
        ])
        var summary = SessionSummary(session: ExportedSession(number: 1, target: target))
        for (number, line) in lines(of: Array(cast.utf8)).enumerated() { try summary.take(line, number: number + 1) }
        let run = ExportedRun(name: "night", facts: ["playbook": ["name": "night.ps1"], "exit_code": 0])
        let bytes = try encoded([(target, Array(cast.utf8))], of: run, by: MarkdownEncoder(summaries: [summary]))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A whole document is as expected")
    func wholeDocument() throws {
        #expect(
            try Self.markdown(target: "web01", text: "1+1", output: "2\r\n") == """
                # `night`

                - Playbook: `night.ps1`
                - Exit code: `0`

                | Target | Outcome | Steps | Took |
                | --- | --- | ---: | ---: |
                | `web01` | `ok` | 1 | 400 ms |

                ## `web01`

                ### Line 1: ok, 1 ms

                ```powershell
                1+1
                ```

                ```text
                2
                ```

                """
        )
    }

    @Test("A session that asked for an exit code, or was never entered, is not well in the table and in its chapter")
    func notWell() throws {
        func document(_ events: [(seconds: Double, code: RecordedCode, text: String)]) throws -> String {
            let cast = Array(SampleSession.cast(events).utf8)
            var summary = SessionSummary(session: ExportedSession(number: 1, target: "web01"))
            for (number, line) in lines(of: cast).enumerated() { try summary.take(line, number: number + 1) }
            let run = ExportedRun(name: "night", facts: ["outcomes": ["ok": 1]])
            let bytes = try encoded([("web01", cast)], of: run, by: MarkdownEncoder(summaries: [summary]))
            return String(decoding: bytes, as: UTF8.self)
        }
        // As psrun 0.1.0 recorded it.
        let old = try document([
            (0.1, .marker, "line 1"), (0.1, .input, "exit 3"), (0.2, .step, SampleSession.result(1, "exit 3", "ok")),
            (0.3, .step, SampleSession.result(2, "2", "not_sent")),
            (0.4, .exit, "{\"outcome\":\"ok\",\"exit_code\":3}"),
        ])
        #expect(old.contains("- Targets: `1 error`\n"), "\(old)")
        #expect(old.contains("| `web01` | `error, exit 3, 1 line not sent` | 1 |  |\n"), "\(old)")
        #expect(old.contains("```text\nthe session ended with exit code 3\n```"), "\(old)")
        let unreached = try document([
            (0.1, .step, SampleSession.result(1, "1", "not_sent")),
            (0.1, .step, SampleSession.result(2, "2", "not_sent")),
            (0.2, .output, "psrun: why\r\npsrun: 2 lines were not sent\r\n"),
            (0.2, .exit, "{\"outcome\":\"unreachable\",\"error\":{\"code\":\"c\",\"message\":\"why\"}}"),
        ])
        #expect(unreached.hasSuffix("\n## `web01`\n\n```text\nwhy\n```\n\n2 lines were not sent.\n"), "\(unreached)")
        #expect(unreached.contains("| `web01` | `unreachable, 2 lines not sent` | 0 |  |\n"))
    }

    @Test("A bar does not end a table's cell, whatever follows it")
    func aBarIsNoCellsEndWhateverFollowsIt() throws {
        let text = try Self.markdown(target: "a|\u{301}<b>|\u{200d}\\|c", text: "1", output: "2\r\n")
        #expect(text.contains("\n| `a\\|\u{301}<b>\\|\u{200d}\\\\|c` | `ok` | 1 | 400 ms |\n"))
    }

    @Test("Nothing in a recording is markup: fences are longer than what they hold, tables keep their cells")
    func hostileContent() throws {
        let output = "````\r\n<script>x</script>\r\n\u{1b}[2J``` \u{1b}[31mred\u{1b}[0m\r\n"
        let text = try Self.markdown(target: "a|b`c` <b>\n# d", text: "`````", output: output)
        #expect(text.contains("\n``````powershell\n`````\n``````\n"))
        #expect(text.contains("\n`````text\n````\n<script>x</script>\n^[[2J``` red\n`````\n"))
        #expect(text.contains("\n| ``a\\|b`c` <b> # d`` | `ok` | 1 | 400 ms |\n"))
        #expect(text.contains("\n## ``a|b`c` <b> # d``\n"))
        #expect(!text.contains("\u{1b}"))
    }
}
