package import Recording
package import RecordingExport
import RecordingFormat
import RecordingSearch

/// Earlier runs of a playbook, as a page tells of them: outcomes, durations and reasons, and no session.
package struct EarlierNights {
    /// The oldest first.
    package private(set) var nights: [NightFacts] = []
    package private(set) var gaps: [NightGap] = []
    /// Older ones that there was no room for.
    package private(set) var leftOut = 0
    /// Why some could not be read that should be whole.
    package private(set) var failures: [RecordingError] = []

    /// - Parameters:
    ///   - runs: the oldest first.
    ///   - isWanted: chooses targets by their names.
    package init(
        _ runs: [RecordedRun],
        threads: Int,
        where isWanted: @escaping @Sendable (_ target: ArraySlice<UInt8>) -> Bool
    ) {
        var cells = 0
        for (index, run) in runs.enumerated().reversed() {
            guard cells < PageSize.cells, nights.count < PageSize.nights else {
                leftOut = runs[...index].count(where: \.isSealed)
                break
            }
            guard let manifest = run.manifest, run.isSealed else {
                gaps.append(NightGap(run: run.name, reason: run.gap))
                continue
            }
            do throws(RecordingError) {
                let night = try Self.read(run, manifest, threads, isWanted)
                cells += night.cells
                nights.append(night)
            } catch {
                // Another psrun may have pruned it meanwhile.
                let now = RecordedRun(folder: run.folder)
                if now.isSealed { failures.append(error) }
                gaps.append(
                    NightGap(run: run.name, reason: now.isSealed ? "it cannot be read: \(error.message)" : now.gap)
                )
            }
        }
        nights.reverse()
        gaps.reverse()
    }

    private static func read(
        _ run: RecordedRun,
        _ manifest: Manifest,
        _ threads: Int,
        _ isWanted: @escaping @Sendable (_ target: ArraySlice<UInt8>) -> Bool
    ) throws(RecordingError) -> NightFacts {
        guard let opened = ArchiveSearch.open([run.folder], threads: 1, where: isWanted).first else {
            throw RecordingError(.notFound, "\(run.name) is not there any more.")
        }
        let index = try opened.get()
        var night = NightFacts(run: run.name, startedSeconds: manifest.startedSeconds)
        for (entry, facts) in try ArchiveReading.read(index, threads: threads, with: FactsCollector.self) {
            night.add(facts, number: entry + 1)
        }
        night.finish()
        return night
    }
}

/// Session facts of an entry's lines.
private struct FactsCollector: EntryCollector {
    private var facts: SessionFacts

    init(target: String) { facts = SessionFacts(target: target) }

    static func needs(_ code: RecordedCode) -> Bool { SessionFacts.needs(code) }

    mutating func take(_ line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        try facts.take(line, number: number)
    }

    mutating func finish() -> SessionFacts {
        facts.finish()
        return facts
    }
}

extension RecordedRun {
    /// Why a page cannot tell of its hosts.
    fileprivate var gap: String {
        switch state {
        case .sealed: "it cannot be read"
        case .running: "it is still running"
        case .killed: "it was never sealed; psrun recover seals it"
        case .pruned(_, let tombstone):
            "it was pruned on \(UTCTime(secondsSince1970: tombstone.prunedSeconds).extended.prefix(10))"
        case .unreadable: "its files are another user's"
        case .damaged: "its manifest is missing or cannot be read"
        }
    }
}
