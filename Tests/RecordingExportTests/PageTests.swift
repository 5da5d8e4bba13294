import RecordingExport
import RecordingFormat
import Testing

@Suite struct PageTests {
    /// The page of one session; its hashes are the first bytes of what they are of.
    private static func page(_ cast: String, of run: ExportedRun = ExportedRun(name: "night"), limit: Int = 1 << 20)
        throws -> String
    {
        var summary = SessionSummary(session: ExportedSession(number: 1, target: "web01"))
        for (number, line) in lines(of: Array(cast.utf8)).enumerated() { try summary.take(line, number: number + 1) }
        let encoder = PageEncoder(
            summaries: [summary],
            selection: PageSelection([summary], limit: limit),
            hash: { Array($0.prefix(3)) }
        )
        return try encodedText(cast, of: run, by: encoder)
    }

    private static func pieces(_ output: String) throws -> String {
        let page = try page(SampleSession.cast([(0.1, .marker, "line 1"), (0.2, .output, output)]))
        let start = try #require(page.firstRange(of: "<pre>")).upperBound
        return String(page[start...].prefix { $0 != "\u{0}" }.split(separator: "</pre>")[0])
    }

    @Test(
        "Colours become classes; what else a far side sends is text",
        arguments: [
            ("\u{1b}[31mred\u{1b}[0m plain", "<span class=\"f1\">red</span> plain"),
            ("\u{1b}[1;38;5;208mx\u{1b}[22;39my", "<span class=\"f208 sb\">x</span>y"),
            ("\u{1b}[38;2;255;0;0mx\u{1b}[m", "<span class=\"f196\">x</span>"),
            ("\u{1b}[38:2::255:0:0mx\u{1b}[m", "<span class=\"f196\">x</span>"),
            ("\u{1b}[91;40mx\u{1b}[0m", "<span class=\"f9\">x</span>"),
            ("\u{1b}[97;44mx", "<span class=\"b4 f15\">x</span>"),
            ("\u{1b}[7mx\u{1b}[27my", "<span class=\"bi\">x</span>y"),
            ("\u{1b}[3;4;9;2mx", "<span class=\"sf si su ss\">x</span>"),
            ("\u{1b}[8mhidden", "hidden"),
            ("\u{1b}[1m\u{301}told m \u{1b}[m\u{20dd}end", "<span class=\"sb\">\u{301}told m </span>\u{20dd}end"),
            ("\u{1b}[4:0;999;38;5;300;48mx", "x"),
            ("\u{1b}[58;5;3mx\u{1b}[38;2;255;;mred", "x<span class=\"f196\">red</span>"),
            ("\u{1b}]0;t\u{7}\u{1b}[2J<b>&\"'", "^[]0;t^G^[[2J&lt;b&gt;&amp;&quot;&#39;"),
            (
                "</script><!-- \u{2028}\u{202e}\u{0}\u{9b}31m",
                "&lt;/script&gt;&lt;!-- &lt;2028&gt;&lt;202E&gt;^@&lt;9B&gt;31m"
            ),
        ]
    )
    func styledText(output: String, html: String) throws {
        #expect(try Self.pieces(output) == "<span class=\"p\" data-t=\"200000\">\(html)</span>")
    }

    @Test("A session that was never entered says so once, and one that asked for an exit code is not well")
    func notWell() throws {
        let unsent = (1...3).map { (0.1, RecordedCode.step, SampleSession.result($0, "secret line", "not_sent")) }
        let ending =
            "{\"outcome\":\"unreachable\",\"phases_us\":{\"tcp\":9},\"error\":{\"code\":\"c\",\"message\":\"why\"}}"
        let unreached = try Self.page(
            SampleSession.cast(unsent + [(0.2, .output, "psrun: why\r\n"), (0.3, .exit, ending)])
        )
        #expect(unreached.contains("<span class=\"badge bad\">unreachable, 3 lines not sent</span>"), "\(unreached)")
        #expect(unreached.contains("<p class=\"notice\">3 lines were not sent.</p>"))
        #expect(!unreached.contains("connected in") && !unreached.contains("secret line"))
        #expect(unreached.split(separator: "why").count == 2)
        // As psrun 0.1.0 recorded it.
        let old = try Self.page(
            SampleSession.cast([
                (0.1, .marker, "line 1"), (0.2, .step, SampleSession.result(1, "exit 3", "ok")),
                (0.3, .step, SampleSession.result(2, "2", "not_sent")),
                (0.4, .exit, "{\"outcome\":\"ok\",\"exit_code\":3}"),
            ])
        )
        #expect(old.contains("data-outcome=\"error\""))
        #expect(old.contains("<span class=\"badge bad\">error, exit 3, 1 line not sent</span>"))
        #expect(old.contains("<p class=\"message\">the session ended with exit code 3</p>"))
    }

    @Test("A style lasts from piece to piece, and no longer than its step")
    func stylesLast() throws {
        let cast = SampleSession.cast([
            (0.1, .marker, "line 1"), (0.1, .input, "x"), (0.2, .output, "\u{1b}[31ma"), (0.3, .output, "b\r\n"),
            (0.4, .marker, "line 2"), (0.4, .input, "y"), (0.5, .output, "c"),
        ])
        let page = try Self.page(cast)
        #expect(page.contains("<span class=\"o\" data-t=\"200000\"><span class=\"f1\">a</span></span>"))
        #expect(page.contains("<span class=\"o\" data-t=\"300000\"><span class=\"f1\">b\n</span></span>"))
        #expect(page.contains("<span class=\"o\" data-t=\"500000\">c</span>"))
    }

    @Test("The policy allows the page's own style and script, and nothing else; no part reaches for the network")
    func policy() throws {
        let page = try Self.page(SampleSession.cast([]))
        let policy = try #require(page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)).output.1
        #expect(
            policy == "default-src 'none'; style-src 'sha256-OnJv'; script-src 'sha256-Ly8g' 'sha256-InVz'; "
                + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )
        #expect(page.contains("<style>:ro"))
        #expect(page.contains("<script>\"us"))
        #expect(!page.contains("style=\""))
        #expect(!page.contains("src="))
        #expect(page.matches(of: /https?:[^"]*/).map(\.output) == ["http://www.w3.org/2000/svg"])
        #expect(page.matches(of: /<script/).count == 2)
    }

    @Test("Sessions that did not end well have the first claim on a page's room; one is always there")
    func selection() {
        let summaries = (1...4).map { number in
            var summary = SessionSummary(session: ExportedSession(number: number, target: "web\(number)"))
            summary.bytes = 10
            summary.result = TargetRecord(["outcome": number == 3 ? "broken" : "ok"])
            return summary
        }
        let selection = PageSelection(summaries, limit: 25)
        #expect(summaries.map { selection.contains($0.session) } == [true, false, true, false])
        #expect(selection.leftOut == 2)
        #expect(PageSelection(summaries, limit: 1).leftOut == 3)
    }
}
