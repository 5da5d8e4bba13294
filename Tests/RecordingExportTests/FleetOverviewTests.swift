import RecordingExport
import RecordingFormat
import Testing

@Suite struct FleetOverviewTests {
    private static let day: Int64 = 86_400
    private static let first: Int64 = 1_795_312_800

    /// A night of hosts, each with the outcomes of its steps by text; an empty list is a host that was not reached.
    private static func night(
        _ number: Int,
        _ hosts: [(target: String, steps: [(text: String, outcome: String)])],
        line: Int = 1
    ) throws -> NightFacts {
        var night = NightFacts(run: "night-\(number)", startedSeconds: first + Int64(number) * day)
        for (index, host) in hosts.enumerated() {
            var facts = SessionFacts(target: host.target)
            var events: [(Double, RecordedCode, String)] = []
            for (place, step) in host.steps.enumerated() {
                if step.outcome != "not_sent" { events.append((1, .marker, "line \(line + place)")) }
                if step.outcome == "error" { events.append((1, .error, "{\"message\":\"no \(step.text)\"}")) }
                events.append((1, .step, SampleSession.result(line + place, step.text, step.outcome)))
            }
            let worst = host.steps.first { $0.outcome != "ok" }?.outcome ?? (host.steps.isEmpty ? "unreachable" : "ok")
            let why = host.steps.isEmpty ? ",\"error\":{\"code\":\"c\",\"message\":\"nobody answers\"}" : ""
            events.append((2, .exit, "{\"outcome\":\"\(worst)\",\"duration_us\":90000\(why)}"))
            for (number, line) in lines(of: Array(SampleSession.cast(events).utf8)).enumerated() {
                try facts.take(line, number: number + 1)
            }
            facts.finish()
            night.add(facts, number: index + 1)
        }
        night.finish()
        return night
    }

    private static func page(_ tonight: NightFacts, earlier: [NightFacts]?, gaps: [NightGap] = []) throws -> String {
        let overview = try FleetOverview(tonight, earlier: earlier, gaps: gaps, nightsLeftOut: 2) { $0 }
        var summary = SessionSummary(session: ExportedSession(number: 1, target: "web01"))
        summary.bytes = 1
        let encoder = PageEncoder(
            summaries: [summary],
            selection: PageSelection([summary]),
            overview: overview,
            hash: { Array($0.prefix(3)) }
        )
        return try encodedText(SampleSession.cast([]), by: encoder)
    }

    /// The letters of a grid's rows, by the host's name.
    private static func rows(_ page: String, of grid: String) throws -> [String] {
        let start = try #require(page.firstRange(of: "id=\"\(grid)-grid\"")).upperBound
        let text = page[start...].split(separator: "</section>")[0]
        return text.matches(of: /<bdi>([^<]*)<\/bdi><\/(?:a|span)><span class="cells" role="cell">([^<]*)</).map {
            "\($0.output.1) \($0.output.2)"
        }
    }

    @Test("A host has a letter for its session and each step; those that are not well come first, with their reason")
    func steps() throws {
        let night = try Self.night(
            0,
            [
                ("web01", [("one", "ok"), ("two", "ok")]), ("web02", [("one", "error"), ("two", "not_sent")]),
                ("web03", []),
            ]
        )
        let page = try Self.page(night, earlier: nil)
        #expect(try Self.rows(page, of: "steps") == ["web02 EE-", "web03 U  ", "web01 ···"])
        #expect(page.contains("error, 1 line not sent: line 1: no one</span>"))
        #expect(page.contains("unreachable: nobody answers</span>"))
        #expect(page.contains("data-l=\"2\" data-say=\"Line 2\" data-text=\"two\">2</span>"))
        #expect(!page.contains("id=\"nights\""))
    }

    @Test("Every host of every night has a row; one that is gone, or is new, says so")
    func nights() throws {
        let earlier = [
            try Self.night(0, [("gone", [("one", "ok")]), ("web01", [("one", "error")])]),
            try Self.night(1, [("web01", [("one", "ok")])]),
        ]
        let tonight = try Self.night(2, [("web01", [("one", "ok")]), ("new", [])])
        let page = try Self.page(
            tonight,
            earlier: earlier,
            gaps: [NightGap(run: "night-<x>", reason: "it was pruned")]
        )
        #expect(try Self.rows(page, of: "nights") == ["web01 E··", "new   U", "gone ·  "])
        #expect(page.contains(">not in this run<") && page.contains(">1 of 1, new<") && page.contains(">1 of 3<"))
        #expect(page.contains("<bdi>night-&lt;x&gt;</bdi>: it was pruned"))
        #expect(page.contains("2 older ones are left out"))
        #expect(page.contains("1 of 2 in the last night") || page.contains("1 of 2 in the last night,"))
    }

    @Test("A step keeps its durations when lines are put before it; one whose text is gone has none")
    func trends() throws {
        let earlier = [try Self.night(0, [("web01", [("one", "ok"), ("old", "ok")])])]
        let tonight = try Self.night(1, [("web01", [("one", "ok"), ("new", "ok")])], line: 7)
        let page = try Self.page(tonight, earlier: earlier)
        #expect(page.contains("aria-label=\"1 ms, nine of ten within 1 ms; before 1 ms\""))
        #expect(page.contains("aria-label=\"1 ms, nine of ten within 1 ms\""))
        #expect(page.matches(of: /<figure class="trend">/).count == 2)
        #expect(page.contains("<path class=\"median\" d=\"M0 0H120L120 0H240\"/>"))
    }

    @Test("What a far side says is text in the grids, and cannot end the data that the script reads")
    func hostile() throws {
        let name = "</script><img src=x onerror=alert(1)>\"' \u{2028}\u{202e}"
        let earlier = [try Self.night(0, [(name, [(name, "error")])])]
        let page = try Self.page(try Self.night(1, [(name, [(name, "error")])]), earlier: earlier)
        #expect(!page.contains("<img") && !page.contains("\u{2028}") && !page.contains("\u{202e}"))
        #expect(page.matches(of: /<\/script>/).count == page.matches(of: /<script/).count)
        let told = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;  ⏎ &lt;202E&gt;"
        #expect(page.contains("data-text=\"\(told)\""))
    }
}
