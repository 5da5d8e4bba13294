/// A run's hosts and steps, a row and a column each. Every row stands there as text; the page's script makes cells of it.
enum StepGrid {
    static func append(_ night: NightFacts, to bytes: inout [UInt8]) {
        let order =
            night.hosts.indices.filter { !night.hosts[$0].isWell }
            + night.hosts.indices.filter { night.hosts[$0].isWell }
        GridText.begin("steps", "Hosts and steps", GridText.legend(of: lettersSeen(in: night)), to: &bytes)
        if night.stepsLeftOut {
            bytes +=
                "<p class=\"notice\">This grid has the first \(PageSize.steps) steps. The sessions have all of them.</p>\n"
                .utf8
        }
        GridText.beginTable("steps", rows: night.hosts.count + 2, columns: night.steps.count + 4, to: &bytes)
        appendHead(night, to: &bytes)
        for index in order { appendRow(night, index, to: &bytes) }
        GridText.end(to: &bytes)
    }

    private static func lettersSeen(in night: NightFacts) -> Set<UInt8> {
        night.hosts.reduce(into: Set(night.hosts.map(\.letter))) { $0.formUnion($1.letters) }
    }

    private static func appendHead(_ night: NightFacts, to bytes: inout [UInt8]) {
        bytes += "<div class=\"row top\" role=\"row\"><span class=\"name\" role=\"columnheader\">Host</span>".utf8
        bytes += "<span class=\"cells\" role=\"none\">".utf8
        bytes += "<span class=\"col\" role=\"columnheader\" data-say=\"Session\">all</span>".utf8
        for step in night.steps {
            let say = step.title.prefix(1).uppercased() + step.title.dropFirst()
            bytes += "<span class=\"col\" role=\"columnheader\" data-l=\"\(step.line)\"".utf8
            bytes += " data-say=\"\(HTMLText.escaped(say))\" data-text=\"\(HTMLText.escaped(step.text))\">".utf8
            bytes += "\(HTMLText.escaped(short(step.title)))</span>".utf8
        }
        bytes += "</span><span class=\"dur\" role=\"columnheader\">Took</span>".utf8
        bytes += "<span class=\"cause\" role=\"columnheader\">Why it is not well</span></div>\n".utf8
        bytes += "<div class=\"row sum\" role=\"row\"><span class=\"name\" role=\"rowheader\">Not ok</span>".utf8
        bytes += "<span class=\"cells\" role=\"none\">".utf8
        GridText.append(sum: night.hosts.count { !$0.isWell }, to: &bytes)
        for column in night.steps.indices {
            GridText.append(sum: night.hosts.count { GridText.isTrouble($0.letters[column]) }, to: &bytes)
        }
        bytes +=
            "</span><span class=\"dur\" role=\"cell\"></span><span class=\"cause\" role=\"cell\"></span></div>\n".utf8
    }

    private static func appendRow(_ night: NightFacts, _ index: Int, to bytes: inout [UInt8]) {
        let host = night.hosts[index]
        let kind = host.isWell ? "ok" : OutcomeLetter.kind(host.letter)
        bytes += "<div class=\"row \(kind)\" role=\"row\" data-h=\"\(index)\">".utf8
        bytes += "<a class=\"name\" role=\"rowheader\" href=\"#s\(host.number)\"><bdi>".utf8
        bytes += "\(HTMLText.escaped(host.target))</bdi></a>".utf8
        bytes += "<span class=\"cells\" role=\"cell\">\(OutcomeLetter.shown([host.letter] + host.letters))</span>".utf8
        let took = host.milliseconds < 0 ? "" : RunFacts.duration(microseconds: Int64(host.milliseconds) * 1_000)
        bytes += "<span class=\"dur\" role=\"cell\" data-ms=\"\(host.milliseconds)\">\(took)</span>".utf8
        let reason = host.reason < 0 ? "" : night.texts[host.reason]
        let told = host.isWell ? "" : [night.texts[host.ending], reason].filter { !$0.isEmpty }.joined(separator: ": ")
        bytes += "<span class=\"cause\" role=\"cell\">\(HTMLText.escaped(told))</span></div>\n".utf8
    }

    /// `3` of `line 3`, `5–6` of `lines 5 to 6`.
    private static func short(_ title: String) -> String {
        let words = title.split(separator: " ")
        guard words.count > 1, let first = words.first, first == "line" || first == "lines" else { return title }
        return words.dropFirst().joined(separator: " ").split(separator: " to ").joined(separator: "–")
    }
}

/// What the grids have in common.
enum GridText {
    static func begin(_ name: String, _ title: String, _ legend: String, to bytes: inout [UInt8]) {
        bytes += "<section class=\"fleet\" id=\"\(name)\" aria-labelledby=\"\(name)-title\">\n".utf8
        bytes += "<h2 id=\"\(name)-title\">\(title)</h2>\n<p class=\"legend\">\(legend)</p>\n".utf8
    }

    static func beginTable(_ name: String, rows: Int, columns: Int, to bytes: inout [UInt8]) {
        bytes += "<div class=\"tools\" id=\"\(name)-tools\" hidden></div>\n".utf8
        bytes +=
            "<p class=\"say\" id=\"\(name)-say\" aria-hidden=\"true\" hidden>"
            .utf8
        bytes += "Point at a cell, or press Tab and then the arrow keys: here it says what the cell means.</p>\n".utf8
        bytes += "<div class=\"box\"><div class=\"grid\" id=\"\(name)-grid\" role=\"table\"".utf8
        bytes += " aria-labelledby=\"\(name)-title\" aria-rowcount=\"\(rows)\" aria-colcount=\"\(columns)\">\n".utf8
    }

    static func end(to bytes: inout [UInt8]) { bytes += "</div></div>\n</section>\n".utf8 }

    /// Each letter that is there with its words, the worst first.
    static func legend(of letters: Set<UInt8>) -> String {
        let items = OutcomeLetter.all.filter { letters.contains($0) }.map { letter in
            "<span><span class=\"cell \(OutcomeLetter.kind(letter))\">\(OutcomeLetter.shown([letter]))</span>"
                + " \(OutcomeLetter.words(letter))</span>"
        }
        return items.joined(separator: "\n")
    }

    /// How many hosts: as many characters as a cell has room for.
    static func append(sum: Int, to bytes: inout [UInt8]) {
        let text = sum == 0 ? "" : sum < 1_000 ? "\(sum)" : sum < 100_000 ? "\(sum / 1_000)k" : "…"
        bytes += "<span class=\"col\" role=\"cell\">\(text)</span>".utf8
    }

    /// Whether a step or session was tried and is not ok.
    static func isTrouble(_ letter: UInt8) -> Bool {
        ["bad", "warn"].contains(OutcomeLetter.kind(letter))
    }
}
