import RecordingFormat

/// What stands above and beside a page's sessions, and at the head of each.
enum PageHead {
    /// - Parameter parts: ids and titles of what stands before the sessions.
    static func append(
        _ run: ExportedRun,
        _ summaries: [SessionSummary],
        policy: String,
        parts: [(id: String, title: String)],
        to bytes: inout [UInt8]
    ) {
        let title = HTMLText.escaped(run.playbookName ?? run.name)
        let name = HTMLText.escaped(run.name)
        bytes +=
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>\(title), \(name)</title>
            <style>\(PageParts.style)</style>
            <script>\(PageParts.firstScript)</script>
            </head>
            <body>
            <a class="skip" href="#sessions">Skip to the sessions</a>
            <header class="run">
            <p class="kind">\(summaries.count == 1 ? "A recorded session" : "A recorded run")</p>
            <h1><bdi>\(title)</bdi></h1>

            """.utf8
        let outcomes = Dictionary(grouping: summaries, by: \.outcome).sorted { $0.key.rawValue < $1.key.rawValue }
        bytes += "<p class=\"badges\">".utf8
        for (outcome, sessions) in outcomes where summaries.count > 1 {
            bytes +=
                "<span class=\"badge \(kind(outcome))\">\(sessions.count) \(HTMLText.escaped(words(outcome)))</span>\n"
                .utf8
        }
        let began = [
            run.facts.started.map(RunFacts.moment),
            run.facts.durationMicroseconds.map(RunFacts.duration),
        ]
        bytes +=
            "<span class=\"quiet\">\(HTMLText.escaped(began.compactMap(\.self).joined(separator: ", took ")))</span></p>\n"
            .utf8
        if run.isRecovered {
            bytes +=
                "<p class=\"notice\">psrun ended without sealing this run. What follows was recovered from its ".utf8
            bytes += "journal: it is correct, but its end is missing.</p>\n".utf8
        }
        appendFacts(run, summaries, to: &bytes)
        if !parts.isEmpty {
            bytes += "<nav class=\"parts\" aria-label=\"Parts of the page\">".utf8
            for (id, title) in parts + [("sessions", "Sessions")] { bytes += "<a href=\"#\(id)\">\(title)</a>\n".utf8 }
            bytes += "</nav>\n".utf8
        }
        bytes += "</header>\n".utf8
    }

    private static func appendFacts(_ run: ExportedRun, _ summaries: [SessionSummary], to bytes: inout [UInt8]) {
        let lines = [("Run", run.name)] + RunFacts.lines(of: run, summaries)
        bytes += "<details class=\"facts\"><summary>About this recording</summary><dl>\n".utf8
        for (name, value) in lines where !value.isEmpty {
            let isHash = value.utf8.count == 64 && !value.contains(" ")
            bytes +=
                "<dt>\(name)</dt><dd\(isHash ? " class=\"hash\"" : "")><bdi>\(HTMLText.escaped(value))</bdi></dd>\n"
                .utf8
        }
        bytes += "</dl></details>\n".utf8
    }

    /// What of the sessions the page does not show, or not without its script.
    static func append(_ packed: PackedSessions, leftOut: Int, to bytes: inout [UInt8]) {
        bytes +=
            "<noscript><p class=\"notice\">The sessions are compressed, and need this page's script to be read. ".utf8
        bytes += "psrun export --host prints one of them.</p></noscript>\n".utf8
        if packed.outputsLeftOut > 0 {
            let outputs =
                packed.outputsLeftOut == 1 ? "The largest output" : "The \(packed.outputsLeftOut) largest outputs"
            bytes += "<p class=\"notice\">\(outputs), \(PageSize.text(packed.bytesLeftOut)), ".utf8
            bytes += "would make this page too large. Each is left out where it would stand, with a word.</p>\n".utf8
        }
        if leftOut > 0 {
            bytes +=
                "<p class=\"notice\">\(leftOut) sessions do not fit on this page: their outcomes are told, and ".utf8
            bytes += "their steps are not.</p>\n".utf8
        }
    }

    static func appendTargets(_ summaries: [SessionSummary], to bytes: inout [UInt8]) {
        bytes +=
            """
            <nav class="targets" aria-label="Targets">
            <h2>\(summaries.count) targets <span id="targets-listed" role="status"></span></h2>
            <div class="filters" hidden><input type="search" id="targets-filter" placeholder="Filter targets" \
            aria-label="Filter targets" autocomplete="off" spellcheck="false">
            <div class="chips" id="outcomes" role="group" aria-label="Outcomes that are listed"></div></div>
            <ul>

            """.utf8
        for summary in summaries {
            bytes += "<li class=\"\(kind(summary.outcome))\"><a href=\"#s\(summary.session.number)\">".utf8
            bytes += "<span class=\"name\"><bdi>\(HTMLText.escaped(summary.session.target))</bdi></span> ".utf8
            bytes +=
                "<span class=\"count\" hidden></span><span class=\"told\">\(HTMLText.escaped(words(of: summary)))</span></a></li>\n"
                .utf8
        }
        bytes += "</ul>\n</nav>\n".utf8
    }

    static func appendSession(_ summary: SessionSummary, to bytes: inout [UInt8]) {
        let id = "s\(summary.session.number)"
        let outcome = HTMLText.escaped(summary.outcome.rawValue)
        bytes += "<section class=\"session\" id=\"\(id)\" data-outcome=\"\(outcome)\"".utf8
        bytes += " data-end=\"\(summary.lastMicroseconds)\" aria-labelledby=\"\(id)-name\">\n".utf8
        bytes += "<header><h2 id=\"\(id)-name\"><bdi>\(HTMLText.escaped(summary.session.target))</bdi></h2>\n".utf8
        bytes +=
            "<p class=\"line\"><span class=\"badge \(kind(summary.outcome))\">\(HTMLText.escaped(words(of: summary)))</span>"
            .utf8
        bytes += "<span class=\"quiet\">\(told(summary))</span></p>\n".utf8
        if let message = summary.message {
            bytes += "<p class=\"message\">\(HTMLText.escaped(message))</p>\n".utf8
        }
        if let lines = summary.unsentLines {
            bytes += "<p class=\"notice\">\(LineCount.text(lines)) \(lines == 1 ? "was" : "were") not sent.</p>\n".utf8
        }
        if summary.isTruncated {
            bytes += "<p class=\"notice\">The recording of this session is cut off.</p>\n".utf8
        }
        bytes += "</header>\n".utf8
    }

    /// `9 steps, took 590 ms, connected in 302 ms, began …`.
    private static func told(_ summary: SessionSummary) -> String {
        var parts = [summary.steps == 1 ? "1 step" : "\(summary.steps) steps"]
        if let microseconds = summary.microseconds {
            parts.append("took \(RunFacts.duration(microseconds: microseconds))")
        }
        let phases = summary.result.phases.map(\.microseconds)
        // The phases of a way in that led nowhere are not those of a connection.
        if !phases.isEmpty, summary.outcome != .unreachable {
            parts.append("connected in \(RunFacts.duration(microseconds: phases.reduce(0, &+)))")
        }
        if let header = summary.header, header.startedSeconds > 0 {
            parts.append("began \(RunFacts.moment(UTCTime(secondsSince1970: header.startedSeconds).extended))")
        }
        if let code = summary.result.exitCode, code == 0 { parts.append("asked for exit code \(code)") }
        return parts.joined(separator: ", ")
    }

    /// The page's class for an outcome of a target or a step.
    static func kind(_ outcome: RecordedOutcome?) -> String {
        switch outcome {
        case .ok: "ok"
        case .error, .failed, .broken, .unreachable: "bad"
        case .notSent, nil: "none"
        default: "warn"
        }
    }

    /// `error, exit 1, 1 line not sent`; as `words` writes an outcome.
    private static func words(of summary: SessionSummary) -> String {
        summary.ending.split(separator: "_").joined(separator: " ")
    }

    static func words(_ outcome: RecordedOutcome?) -> String {
        (outcome?.rawValue ?? "").split(separator: "_").joined(separator: " ")
    }
}
