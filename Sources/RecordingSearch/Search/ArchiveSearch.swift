package import Patterns
package import Recording
import RecordingFormat
import Threads

/// What a search meets beside hits.
package enum SearchFailure: Error, Sendable, Hashable {
    /// The pattern cannot be matched against a line of this target of this run.
    case pattern(PatternError, run: String, target: String)
    /// A part of a run cannot be read.
    case recording(RecordingError, run: String)
}

/// Searches sealed runs on several threads, straight from their frames.
package enum ArchiveSearch {
    /// What one frame or one index gave.
    private struct Outcome: Sendable {
        var hits: [SearchHit] = []
        var failures: [SearchFailure] = []
    }

    /// Opens runs and reads their indexes.
    /// - Parameter isWanted: chooses targets by their names.
    package static func open(
        _ folders: [String],
        threads: Int,
        where isWanted: @escaping @Sendable (_ target: ArraySlice<UInt8>) -> Bool
    ) -> [Result<FrameIndex, RecordingError>] {
        var opened: [Result<FrameIndex, RecordingError>] = []
        OrderedWork.run(folders.count, threads: threads) {
            ()
        } work: { _, index in
            do throws(RecordingError) {
                return Result<FrameIndex, RecordingError>.success(
                    try FrameIndex(of: try RawArchive(folder: folders[index]), where: isWanted)
                )
            } catch {
                return .failure(error)
            }
        } take: { _, result in
            opened.append(result)
            return true
        }
        return opened
    }

    /// Searches runs, the first one first, each in the order of its targets; of a run with very many hits, that of its
    /// archive, in which they ended.
    /// - Parameters:
    ///   - hit: takes a hit; false ends the search.
    ///   - failure: takes what could not be searched; false ends the search.
    package static func search(
        _ runs: [FrameIndex],
        for query: SearchQuery,
        threads: Int,
        hit: (SearchHit) -> Bool,
        failure: (SearchFailure) -> Bool
    ) {
        var waiting = HitsOfRun()
        defer { waiting.finish(hit) }
        let frames = runs.enumerated().flatMap { number, run in run.frames.indices.map { (number, $0) } }
        OrderedWork.run(frames.count, threads: threads) {
            (FrameReader(), EntrySearcher(query))
        } work: { tools, index in
            let (run, frame) = frames[index]
            return search(runs[run].frames[frame], of: runs[run], tools.0, tools.1)
        } take: { index, outcome in
            guard waiting.take(outcome.hits, ofRun: frames[index].0, hit) else { return false }
            return outcome.failures.allSatisfy(failure)
        }
    }

    private static func search(
        _ frame: FramePlace,
        of run: FrameIndex,
        _ reader: FrameReader,
        _ searcher: EntrySearcher
    ) -> Outcome {
        var outcome = Outcome()
        var hash = SHA256()
        var isGivenUp = false
        do {
            try reader.read(frame, of: run.archive) { piece in
                if piece.isFirst {
                    searcher.begin()
                    hash = SHA256()
                    isGivenUp = false
                }
                // One host's line must not keep what others said from being found.
                do throws(PatternError) {
                    if !isGivenUp { try searcher.search(piece.text) }
                    if !isGivenUp, piece.isLast { try searcher.finish() }
                } catch {
                    isGivenUp = true
                    let target = run.target(of: piece.place)
                    outcome.failures.append(.pattern(error, run: run.archive.manifest.run, target: target))
                }
                // Of what comes in one piece, only what is shown needs to be proved.
                if !piece.isFirst || !piece.isLast { hash.update(piece.text) }
                guard piece.isLast else { return true }
                let found = searcher.takeFound()
                guard !found.isEmpty else { return true }
                if piece.isFirst { hash.update(piece.text) }
                let isDamaged = hash.hexadecimalDigest() != run.hash(of: piece.place)
                outcome.hits += hits(found, in: run, piece.place, searcher.startedSeconds, isDamaged: isDamaged)
                return true
            }
        } catch let error as RecordingError {
            outcome.failures.append(.recording(error, run: run.archive.manifest.run))
        } catch {
            outcome.failures.append(.recording(run.archive.damage("\(error)"), run: run.archive.manifest.run))
        }
        return outcome
    }

    private static func hits(
        _ found: [EntrySearcher.Found],
        in run: FrameIndex,
        _ place: EntryPlace,
        _ started: Int64,
        isDamaged: Bool
    ) -> [SearchHit] {
        let target = run.target(of: place)
        return found.map { found in
            SearchHit(
                run: run.archive.manifest.run,
                target: target,
                entry: place.entry + 1,
                found,
                startedSeconds: started,
                isDamaged: isDamaged
            )
        }
    }
}

/// Puts the hits of one run into the order of its targets.
private struct HitsOfRun {
    /// More are not held back.
    private static let most = 20_000

    private var hits: [SearchHit] = []
    private var run: Int?
    private var isOver = false

    /// - Returns: false where nobody wants more.
    mutating func take(_ more: [SearchHit], ofRun number: Int, _ hit: (SearchHit) -> Bool) -> Bool {
        if run != number { finish(hit) }
        run = number
        hits += more
        if hits.count > Self.most { finish(hit) }
        return !isOver
    }

    mutating func finish(_ hit: (SearchHit) -> Bool) {
        // In each target's own order, which is that of time.
        let order = hits.indices.sorted { (hits[$0].entry, $0) < (hits[$1].entry, $1) }
        if !isOver { isOver = !order.allSatisfy { hit(hits[$0]) } }
        hits = []
    }
}

extension SearchHit {
    init(
        run: String,
        target: String,
        entry: Int,
        _ found: EntrySearcher.Found,
        startedSeconds: Int64,
        isDamaged: Bool = false
    ) {
        self.init(
            run: run,
            target: target,
            entry: entry,
            stream: found.stream,
            time: found.time,
            startedSeconds: startedSeconds,
            step: found.step?.marker,
            stepText: found.step?.input,
            text: found.text.text,
            matches: found.text.matches,
            isDamaged: isDamaged
        )
    }
}
