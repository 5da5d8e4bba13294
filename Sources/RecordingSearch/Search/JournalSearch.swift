import Patterns
package import Recording
import RecordingFormat

/// Searches the journal of a run that is not sealed: what was committed so far, each entry by itself.
package struct JournalSearch {
    private let run: String
    private let query: SearchQuery
    private let isWanted: (_ target: String) -> Bool
    private var entries: [Int: (header: EntryHeader, searcher: EntrySearcher)] = [:]

    package init(of run: RecordedRun, for query: SearchQuery, where isWanted: @escaping (_ target: String) -> Bool) {
        self.run = run.name
        self.query = query
        self.isWanted = isWanted
    }

    /// - Parameter hit: takes a hit; false ends the search.
    /// - Throws: `SearchFailure`; hits from before it were handed out.
    package mutating func search(_ folder: String, hit: (SearchHit) -> Bool) throws(SearchFailure) {
        var failure: SearchFailure?
        do throws(RecordingError) {
            try RunFollower(folder: folder).forEachNewBlock { block in
                for record in block.records {
                    do throws(SearchFailure) {
                        guard try take(record, hit) else { return false }
                    } catch {
                        failure = error
                        return false
                    }
                }
                return true
            }
        } catch {
            throw .recording(error, run: run)
        }
        if let failure { throw failure }
        // Lines that the sessions have not ended yet.
        for entry in entries.keys.sorted() { guard try finish(entry, hit) else { return } }
    }

    private mutating func take(_ record: JournalRecord, _ hit: (SearchHit) -> Bool) throws(SearchFailure) -> Bool {
        guard let number = record.entry else { return true }
        switch record.kind {
        case .begin:
            guard let header = EntryHeader(journalPayload: record.payload), isWanted(header.target) else { return true }
            entries[number] = (header, EntrySearcher(query))
        case .event(let code):
            guard let (header, searcher) = entries[number] else { return true }
            do throws(PatternError) {
                try searcher.search(code: code, time: record.time, data: record.payload)
            } catch {
                throw .pattern(error, run: run, target: header.target)
            }
            return show(number, header, searcher, hit)
        case .finish:
            return try finish(number, hit)
        case .run, .playbook, .commit: break
        }
        return true
    }

    private mutating func finish(_ number: Int, _ hit: (SearchHit) -> Bool) throws(SearchFailure) -> Bool {
        guard let (header, searcher) = entries.removeValue(forKey: number) else { return true }
        do throws(PatternError) {
            try searcher.finish()
        } catch {
            throw .pattern(error, run: run, target: header.target)
        }
        return show(number, header, searcher, hit)
    }

    private func show(
        _ number: Int,
        _ header: EntryHeader,
        _ searcher: EntrySearcher,
        _ hit: (SearchHit) -> Bool
    ) -> Bool {
        searcher.takeFound().allSatisfy { found in
            hit(
                SearchHit(
                    run: run,
                    target: header.target,
                    entry: number + 1,
                    found,
                    startedSeconds: header.startedSeconds
                )
            )
        }
    }
}
