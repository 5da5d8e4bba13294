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

    /// - Parameters:
    ///   - hit: takes a hit; false ends the search.
    ///   - failure: takes what could not be searched; false ends the search.
    package mutating func search(_ folder: String, hit: (SearchHit) -> Bool, failure: (SearchFailure) -> Bool) {
        do throws(RecordingError) {
            try RunFollower(folder: folder).forEachNewBlock { block in
                block.records.allSatisfy { take($0, hit, failure) }
            }
        } catch {
            guard failure(.recording(error, run: run)) else { return }
        }
        // Lines that the sessions have not ended yet.
        for entry in entries.keys.sorted() { guard finish(entry, hit, failure) else { return } }
    }

    private mutating func take(
        _ record: JournalRecord,
        _ hit: (SearchHit) -> Bool,
        _ failure: (SearchFailure) -> Bool
    ) -> Bool {
        guard let number = record.entry else { return true }
        switch record.kind {
        case .begin:
            guard let header = EntryHeader(journalPayload: record.payload), isWanted(header.target) else { return true }
            entries[number] = (header, EntrySearcher(query))
        case .event(let code):
            guard let (header, searcher) = entries[number] else { return true }
            let problem = Self.problem { () throws(PatternError) in
                try searcher.search(code: code, time: record.time, data: record.payload)
            }
            // The rest of its session is not searched.
            if problem != nil { entries[number] = nil }
            return show(number, header, searcher, hit) && told(problem, of: header, failure)
        case .finish:
            return finish(number, hit, failure)
        case .run, .playbook, .commit: break
        }
        return true
    }

    private mutating func finish(
        _ number: Int,
        _ hit: (SearchHit) -> Bool,
        _ failure: (SearchFailure) -> Bool
    ) -> Bool {
        guard let (header, searcher) = entries.removeValue(forKey: number) else { return true }
        let problem = Self.problem(searcher.finish)
        return show(number, header, searcher, hit) && told(problem, of: header, failure)
    }

    private static func problem(_ search: () throws(PatternError) -> Void) -> PatternError? {
        do throws(PatternError) { try search() } catch { return error }
        return nil
    }

    private func told(_ problem: PatternError?, of header: EntryHeader, _ failure: (SearchFailure) -> Bool) -> Bool {
        problem.map { failure(.pattern($0, run: run, target: header.target)) } ?? true
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
