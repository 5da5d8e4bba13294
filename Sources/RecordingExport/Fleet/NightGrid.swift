/// The hosts of all nights, and how each ended in each of them.
enum NightGrid {
    struct Content {
        /// The oldest first; the last is the page's own run.
        var nights: [NightFacts]
        var hosts: [String]
        /// A row of letters for each host.
        var letters: [[UInt8]]
        var tonight: NightFacts
        var gaps: [NightGap]
        /// Older nights that there is no room for.
        var leftOut: Int
        /// Nights of which only outcomes are told.
        var detailsLeftOut: Int
    }

    static func append(_ content: Content, to bytes: inout [UInt8]) {
        let seen = content.letters.reduce(into: Set<UInt8>()) { $0.formUnion($1) }
        GridText.begin("nights", "Hosts and nights", GridText.legend(of: seen), to: &bytes)
        appendNotices(content, to: &bytes)
        GridText.beginTable("nights", rows: content.hosts.count + 2, columns: content.nights.count + 2, to: &bytes)
        appendHead(content, to: &bytes)
        let bad = content.letters.map { row in row.count(where: GridText.isTrouble) }
        // Sorting with the place as well keeps hosts of one kind in the order of the run.
        let order = content.hosts.indices.sorted { (-bad[$0], $0) < (-bad[$1], $1) }
        for row in order { appendRow(content, row, bad: bad[row], to: &bytes) }
        GridText.end(to: &bytes)
    }

    private static func appendNotices(_ content: Content, to bytes: inout [UInt8]) {
        func add(_ text: String) { bytes += "<p class=\"notice\">\(HTMLText.escaped(text))</p>\n".utf8 }
        if content.leftOut > 0 {
            add("There is room for \(content.nights.count) nights: \(content.leftOut) older ones are left out.")
        }
        if content.detailsLeftOut > 0 {
            add(
                "Of the \(content.detailsLeftOut) oldest nights there is room for outcomes only: steps and reasons are left out."
            )
        }
        guard !content.gaps.isEmpty else { return }
        bytes += "<details class=\"facts\"><summary>\(content.gaps.count) runs are not told of</summary><ul>\n".utf8
        for gap in content.gaps {
            bytes += "<li><bdi>\(HTMLText.escaped(gap.run))</bdi>: \(HTMLText.escaped(gap.reason))</li>\n".utf8
        }
        bytes += "</ul></details>\n".utf8
    }

    private static func appendHead(_ content: Content, to bytes: inout [UInt8]) {
        bytes += "<div class=\"row top\" role=\"row\"><span class=\"name\" role=\"columnheader\">Host</span>".utf8
        bytes += "<span class=\"cells\" role=\"none\">".utf8
        for night in content.nights {
            bytes += "<span class=\"col\" role=\"columnheader\" data-say=\"\(HTMLText.escaped(night.moment))\"".utf8
            bytes += " data-text=\"\(HTMLText.escaped(night.run))\">\(night.day)</span>".utf8
        }
        bytes += "</span><span class=\"cause\" role=\"columnheader\">Nights that were not well</span></div>\n".utf8
        bytes += "<div class=\"row sum\" role=\"row\"><span class=\"name\" role=\"rowheader\">Not well</span>".utf8
        bytes += "<span class=\"cells\" role=\"none\">".utf8
        for night in content.nights { GridText.append(sum: night.hosts.count { !$0.isWell }, to: &bytes) }
        bytes += "</span><span class=\"cause\" role=\"cell\"></span></div>\n".utf8
    }

    private static func appendRow(_ content: Content, _ row: Int, bad: Int, to bytes: inout [UInt8]) {
        let letters = content.letters[row]
        let last = letters.last ?? OutcomeLetter.none
        bytes += "<div class=\"row \(OutcomeLetter.kind(last))\" role=\"row\" data-h=\"\(row)\">".utf8
        let name = HTMLText.escaped(String(content.hosts[row].prefix { $0 != "\u{0}" }))
        if content.tonight.hosts.indices.contains(row) {
            let number = content.tonight.hosts[row].number
            bytes += "<a class=\"name\" role=\"rowheader\" href=\"#s\(number)\"><bdi>\(name)</bdi></a>".utf8
        } else {
            bytes += "<span class=\"name\" role=\"rowheader\"><bdi>\(name)</bdi></span>".utf8
        }
        bytes += "<span class=\"cells\" role=\"cell\">\(OutcomeLetter.shown(letters))</span>".utf8
        bytes += "<span class=\"cause\" role=\"cell\" data-bad=\"\(bad)\">\(told(letters, bad))</span></div>\n".utf8
    }

    /// `3 of 30, not in the last run`.
    private static func told(_ letters: [UInt8], _ bad: Int) -> String {
        let there = letters.count { $0 != OutcomeLetter.none }
        var parts = bad > 0 ? ["\(bad) of \(there)"] : []
        if letters.last == OutcomeLetter.none { parts.append("not in this run") }
        if there == 1, letters.count > 1, letters.last != OutcomeLetter.none { parts.append("new") }
        return parts.joined(separator: ", ")
    }
}
