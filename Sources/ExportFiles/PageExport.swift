import Recording
package import RecordingExport
import RecordingFormat

/// A page of sessions, with all hosts at once where there are several, and the nights before where they are wanted. All
/// but the sessions' texts is made before anything is written, so that the page's size is known.
package struct PageExport {
    /// So many times sessions are packed anew, with less of their outputs each time.
    private static let attempts = 5
    /// Bytes of a page beside sessions and grids: style, script, colours, and what is told of the run.
    private static let frame = 120_000

    package let encoder: PageEncoder
    /// What the page leaves out, in sentences.
    package private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - earlier: the nights before; nil where nobody asked for them.
    /// - Throws: CommandFailure or RecordingError.
    package init(
        _ sessions: [ExportedSession],
        of source: any ExportSource,
        earlier: EarlierNights?
    ) throws {
        let (summaries, night) = try Self.read(sessions, of: source)
        guard sessions.count > 1 || earlier != nil else {
            let selection = PageSelection(summaries)
            encoder = PageEncoder(summaries: summaries, selection: selection, hash: sha256)
            warn(of: selection, summaries)
            return
        }
        let overview = try FleetOverview(
            night,
            earlier: earlier?.nights,
            gaps: earlier?.gaps ?? [],
            nightsLeftOut: earlier?.leftOut ?? 0,
            compress: Gzip.compress
        )
        let bytes = summaries.reduce(0) { $0 + $1.bytes }
        guard sessions.count > PageSize.plainSessions || bytes > PageSize.plainBytes else {
            let selection = PageSelection(summaries)
            encoder = PageEncoder(summaries: summaries, selection: selection, overview: overview, hash: sha256)
            return
        }
        let heads = PageEncoder.headBytes(of: summaries)
        let room = max(0, PageSize.limit - Self.frame - overview.byteCount - heads)
        let packed = try Self.pack(summaries, of: source, room: room)
        let selection = PageSelection(summaries, in: packed)
        encoder = PageEncoder(
            summaries: summaries,
            selection: selection,
            overview: overview,
            packed: packed,
            hash: sha256
        )
        warn(of: packed, leftOut: selection.leftOut)
    }

    /// One reading for what stands at each session's head, and for the grid.
    private static func read(
        _ sessions: [ExportedSession],
        of source: any ExportSource
    ) throws -> ([SessionSummary], NightFacts) {
        let started = source.run.facts.started.flatMap(UTCTime.init)?.secondsSince1970 ?? 0
        var night = NightFacts(run: source.run.name, startedSeconds: started)
        let summaries = try sessions.map { session in
            var summary = SessionSummary(session: session)
            var facts = SessionFacts(target: session.target)
            try source.forEachLine(of: session, checksFirst: false) { line, number throws(CastError) in
                try summary.take(line, number: number)
                try facts.take(line, number: number)
                return true
            }
            facts.finish()
            night.add(facts, number: session.number)
            return summary
        }
        night.finish()
        return (summaries, night)
    }

    /// Packs all sessions. Where there is too much, the largest outputs go, as few as may be; and where that is not enough,
    /// sessions, those that ended well before the others.
    private static func pack(
        _ summaries: [SessionSummary],
        of source: any ExportSource,
        room: Int
    ) throws -> PackedSessions {
        let first = try packer(summaries, of: source, room: room, mostOutput: .max, measures: true)
        guard first.isFull else { return first.packed }
        var best: PackedSessions?
        // So large an output may be, and so large it may not.
        var (low, high) = (0, first.sizes.largest)
        var most = min(first.sizes.mostOutput(for: room), high / 2)
        for _ in 1..<attempts where most > low && most < high {
            let packer = try packer(summaries, of: source, room: room, mostOutput: most, measures: false)
            if packer.isFull {
                high = most
            } else {
                low = most
                let isNoBetter = best.map { $0.outputsLeftOut == packer.packed.outputsLeftOut } ?? false
                best = packer.packed
                if isNoBetter || packer.packed.byteCount > room / 2 { break }
            }
            most = Int((Double(max(low, 1)) * Double(high)).squareRoot())
        }
        if let best { return best }
        let order = summaries.filter { !$0.isWell } + summaries.filter(\.isWell)
        return try packer(order, of: source, room: room, mostOutput: 0, measures: true).packed
    }

    /// - Parameter measures: goes on where there is no more room.
    private static func packer(
        _ summaries: [SessionSummary],
        of source: any ExportSource,
        room: Int,
        mostOutput: Int,
        measures: Bool
    ) throws -> SessionPacker {
        var packer = SessionPacker(room: room, mostOutput: mostOutput, compress: Gzip.compress)
        for summary in summaries where measures || !packer.isFull {
            packer.begin(summary)
            try source.forEachLine(of: summary.session, checksFirst: false) { line, number throws(CastError) in
                try packer.encode(line, number: number)
                return true
            }
            try packer.endSession()
        }
        try packer.finish()
        return packer
    }

    private mutating func warn(of selection: PageSelection, _ summaries: [SessionSummary]) {
        guard selection.leftOut > 0 else { return }
        warnings.append(
            "the page holds \(summaries.count - selection.leftOut) of \(summaries.count) sessions, those that did not end "
                + "well first. It only lists the others. --host exports one of them; jsonl and junit hold all."
        )
    }

    private mutating func warn(of packed: PackedSessions, leftOut: Int) {
        if packed.outputsLeftOut > 0 {
            warnings.append(
                "the page leaves out the \(packed.outputsLeftOut) largest outputs, \(PageSize.text(packed.bytesLeftOut)), to stay "
                    + "below \(PageSize.text(PageSize.limit)). It says so where they would stand; jsonl and --host have all."
            )
        }
        if leftOut > 0 {
            warnings.append(
                "\(leftOut) sessions do not fit on the page, which only tells their outcomes. --host exports one of them; "
                    + "jsonl and junit hold all."
            )
        }
    }
}
