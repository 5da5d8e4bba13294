package import RecordingFormat

/// One HTML file that needs no network: every session as text, and a player for those who let its script run.
///
/// All that a recording says stands in it as text with its markup escaped; the policy in its head allows the page's own
/// style and script by their hashes, and nothing else.
package struct PageEncoder: RecordingEncoder {
    private let summaries: [SessionSummary]
    private let selection: PageSelection
    private let overview: FleetOverview?
    private let packed: PackedSessions?
    private let hash: HashFunction
    private var next = 0
    private var steps = PageSteps(session: ExportedSession(number: 0, target: ""))

    /// - Parameters:
    ///   - summaries: of all sessions that will come, in their order.
    ///   - overview: of all hosts and nights; nil for none.
    ///   - packed: the sessions, where they do not stand in the page as text; then no lines are needed.
    ///   - hash: SHA-256.
    package init(
        summaries: [SessionSummary],
        selection: PageSelection,
        overview: FleetOverview? = nil,
        packed: PackedSessions? = nil,
        hash: @escaping HashFunction
    ) {
        self.summaries = summaries
        self.selection = selection
        self.overview = overview
        self.packed = packed
        self.hash = hash
    }

    /// Bytes of all sessions' heads, and of the list of targets.
    package static func headBytes(of summaries: [SessionSummary]) -> Int {
        var count = 0
        var bytes: [UInt8] = []
        for summary in summaries {
            PageHead.appendSession(summary, to: &bytes)
            // The end of a session, with its hash and where it is, and what the list has around a target's name.
            count += bytes.count + 400 + 3 * summary.session.target.utf8.count
            bytes.removeAll(keepingCapacity: true)
        }
        return count
    }

    package func needsLines(of session: ExportedSession) -> Bool {
        packed == nil && selection.contains(session)
    }

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        PageHead.append(
            run,
            summaries,
            policy: PageParts.policy(hash),
            parts: overview?.parts ?? [],
            to: &bytes
        )
        bytes += PageParts.toolbar.utf8
        overview?.appendSections(to: &bytes)
        if let packed { PageHead.append(packed, leftOut: selection.leftOut, to: &bytes) }
        bytes += "<div class=\"layout\(summaries.count > 1 ? " many" : "")\">\n".utf8
        if summaries.count > 1 { PageHead.appendTargets(summaries, to: &bytes) }
        let streams = packed.map { " data-streams=\"\($0.streams.sorted().joined())\"" } ?? ""
        bytes += "<main id=\"sessions\"\(streams)>\n".utf8
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        guard next < summaries.count else { return }
        let summary = summaries[next]
        PageHead.appendSession(summary, to: &bytes)
        next += 1
        if let place = packed?.places[session.number] {
            bytes += "<ol class=\"steps\" data-pack=\"\(place.pack)\" data-place=\"\(place.index)\">".utf8
        } else if selection.contains(session) {
            bytes += "<ol class=\"steps\">\n".utf8
        } else {
            bytes +=
                "<p class=\"notice\">This session does not fit on the page: export it by itself, with --host.</p>\n"
                .utf8
        }
        steps = PageSteps(session: session, isUnsent: summary.unsentLines != nil)
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        guard case .event(let event) = try CastLine(decoding: line, number: number) else { return }
        append(steps.take(event), to: &bytes)
    }

    package mutating func endSession(to bytes: inout [UInt8]) {
        if selection.contains(steps.session) {
            append(steps.finish(), to: &bytes)
            bytes += "</ol>\n".utf8
            if let hash = packed.map({ $0.hashes[steps.session.number] }) ?? steps.hash {
                bytes +=
                    "<p class=\"fingerprint\">SHA-256 of this session's entry: \(HTMLText.escaped(hash))</p>\n".utf8
            }
        }
        bytes += "</section>\n".utf8
    }

    private func append(_ step: PageNode?, to bytes: inout [UInt8]) {
        guard let step else { return }
        step.append(to: &bytes)
        bytes.append(0x0A)
    }

    package mutating func end(to bytes: inout [UInt8]) {
        bytes += "</main>\n</div>\n".utf8
        bytes += PageParts.player.utf8
        bytes += "<footer class=\"about\">".utf8
        bytes +=
            "This page is a copy for reading. The evidence is the recording that it was made from: check that ".utf8
        bytes += "with <code>psrun verify</code>, or with its script for stock tools.</footer>\n".utf8
        overview?.appendData(to: &bytes)
        for (index, pack) in (packed?.packs ?? []).enumerated() {
            DataBlock.append(packed: pack, id: "pack-\(index)", to: &bytes)
        }
        bytes += "<script>\(PageParts.script)</script>\n</body>\n</html>\n".utf8
    }
}
