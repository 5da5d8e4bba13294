import Audit
import Glibc
package import PSRunCommandLine
import Patterns
import Recording
import RecordingFormat
import RecordingSearch
import Reports
import Threads

/// `psrun search PATTERN [RUN…]`: where a text stands in recorded runs.
package enum SearchCommand {
    /// So many runs' indexes are held at once: some megabytes each.
    private static let runsAtOnce = 16

    package static func run(_ invocation: SearchInvocation, console: VerbConsole) async -> Int32 {
        do throws(RecordingError) {
            let pattern = try pattern(invocation)
            let store = try RunStore.standard(option: invocation.recordings, environment: console.environment)
            let runs = try store.runs(invocation.selection)
            if runs.isEmpty { console.warn("psrun: there are no such runs to search in \(store.folder).") }
            let report = SearchReport(format: invocation.format, output: console.reportOutput)
            let query = SearchQuery(pattern: pattern, streams: streams(invocation.streams))
            var rest = runs[...]
            var hasTarget = runs.isEmpty
            while !rest.isEmpty, !report.isOver {
                if try await search(rest.prefix(runsAtOnce), invocation, query, report, console) { hasTarget = true }
                rest = rest.dropFirst(runsAtOnce)
            }
            if !hasTarget {
                console.warn("psrun: these runs have no target \(invocation.hosts.joined(separator: ", ")).")
            }
            return report.exitCode.number
        } catch {
            return console.fail(error)
        }
    }

    /// - Returns: whether there may be a target that was meant; of a run that is not sealed nobody knows.
    private static func search(
        _ runs: ArraySlice<RecordedRun>,
        _ invocation: SearchInvocation,
        _ query: SearchQuery,
        _ report: SearchReport,
        _ console: VerbConsole
    ) async throws(RecordingError) -> Bool {
        let filter = TargetFilter(invocation.hosts)
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let sealed = runs.filter(\.isSealed).map(\.folder)
        let all = await onOwnThread {
            ArchiveSearch.open(sealed, threads: threads) { target in filter.contains(target) }
        }
        // What another psrun has pruned meanwhile is not searched, as what was pruned before.
        let opened = zip(sealed, all).filter { folder, result in
            (try? result.get()) != nil || RecordedRun(folder: folder).isSealed
        }.map(\.1)
        var indexes: [FrameIndex] = []
        for result in opened {
            switch result {
            case .success(let index): if index.hasEntries { indexes.append(index) }
            case .failure(let error): report.complain(error)
            }
        }
        if invocation.keepsAccessLog {
            try await console.noteReading(indexes.map { ($0.folder, $0.manifest) }, what(invocation))
        }
        let searched = indexes
        let sealedMeanwhile = await onOwnThread {
            ArchiveSearch.search(searched, for: query, threads: threads, hit: report.show, failure: report.complain)
            return runs.filter { run in
                !run.isSealed && !report.isOver && !search(unsealed: run, filter, query, report)
            }.map { RecordedRun(folder: $0.folder) }
        }
        if !sealedMeanwhile.isEmpty {
            _ = try await search(sealedMeanwhile[...], invocation, query, report, console)
        }
        return invocation.hosts.isEmpty || opened.count < runs.count
            || opened.contains { index in (try? index.get().hasEntries) ?? true }
    }

    /// What is written of a run that is in progress, or was killed.
    /// - Returns: false where it has been sealed meanwhile, and nothing of it was searched.
    private static func search(
        unsealed run: RecordedRun,
        _ filter: TargetFilter,
        _ query: SearchQuery,
        _ report: SearchReport
    ) -> Bool {
        var isThere = true
        switch run.state {
        case .running, .killed:
            var search = JournalSearch(of: run, for: query) { filter.contains($0.utf8) }
            search.search(run.folder, hit: report.show) { failure in
                if case .recording(let error, _) = failure, error.code == .notFound,
                    RecordedRun(folder: run.folder).isSealed
                {
                    isThere = false
                    return true
                }
                return report.complain(failure)
            }
        case .sealed, .pruned, .damaged, .unreadable:
            do throws(RecordingError) { try run.requireSealed() } catch { report.complain(error) }
        }
        return isThere
    }

    private static func pattern(_ invocation: SearchInvocation) throws(RecordingError) -> Pattern {
        do throws(PatternError) {
            return try Pattern(invocation.pattern, options: invocation.ignoreCase ? .ignoreCase : [])
        } catch {
            throw RecordingError(
                .notFound,
                "'\(invocation.pattern)' is not a regular expression: \(error.message). A \\ before a character makes it stand "
                    + "for itself."
            )
        }
    }

    private static func streams(_ names: [SearchInvocation.Stream]) -> Set<SearchStream> {
        guard !names.isEmpty else { return SearchStream.answers }
        guard !names.contains(.all) else { return Set(SearchStream.allCases) }
        return Set(names.compactMap { SearchStream(rawValue: $0.rawValue) })
    }

    /// What the access log says: the command as it was asked, without where the runs are.
    private static func what(_ invocation: SearchInvocation) -> String {
        var words = ["search", invocation.pattern]
        words += invocation.ignoreCase ? ["--ignore-case"] : []
        words += invocation.hosts.flatMap { ["--host", $0] }
        words += invocation.streams.flatMap { ["--stream", $0.rawValue] }
        return words.joined(separator: " ")
    }
}
