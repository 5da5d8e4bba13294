import Glibc
package import Nights
import Patterns
import Recording
import RecordingFormat
package import RecordingSearch
import Threads

/// Compares a night with the last good one before it. Reads recordings: blocks for as long as disks take.
package struct NightHistory: Sendable {
    private let masks: OutputMasks

    /// - Parameter masks: what of an output is taken for equal.
    package init(masks: OutputMasks) {
        self.masks = masks
    }

    /// - Parameter folder: this night's.
    package func baseline(of folder: String) -> NightBaseline {
        let own = RecordedRun(folder: folder)
        guard case .sealed(let manifest) = own.state else { return .notRecorded }
        let night = PastNight(manifest)
        let stem = RunName.parts(of: own.name)?.playbook
        let earlier: [RecordedRun]
        do throws(RecordingError) {
            earlier = try RunStore(folder: own.recordingsFolder).runs { RunName.parts(of: $0)?.playbook == stem }
        } catch {
            return .unreadable(run: own.name, why: error.message)
        }
        var folders: [String: String] = [:]
        var nights: [PastNight] = []
        for run in earlier {
            guard case .sealed(let manifest) = run.state, !manifest.recovered else { continue }
            folders[run.name] = run.folder
            nights.append(PastNight(manifest))
        }
        let targets = Self.targets(in: folder)
        let found = night.lastGood(among: nights) { night in
            folders[night.run].map { Self.targets(in: $0) == targets } ?? false
        }
        guard targets != nil, let found, let former = folders[found.night.run] else { return .none }
        do throws(SearchFailure) {
            let isSame = found.night.playbookHash == night.playbookHash
            let difference = try difference(from: former, to: folder, isSamePlaybook: isSame)
            return .found(found.night, between: found.between, difference)
        } catch {
            return .unreadable(run: found.night.run, why: error.words)
        }
    }

    /// The names of a run's targets; nil where they cannot be read.
    private static func targets(in folder: String) -> Set<String>? {
        (try? SealedRecording(folder: folder)).map { Set($0.entries.map(\.target)) }
    }

    private func difference(
        from old: String,
        to new: String,
        isSamePlaybook: Bool
    ) throws(SearchFailure) -> NightDifference {
        let threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        var digests: [RunDigest] = []
        for (folder, opened) in zip([old, new], ArchiveSearch.open([old, new], threads: 2, where: { _ in true })) {
            do throws(RecordingError) {
                digests.append(RunDigest(of: try opened.get(), masks: masks, threads: threads))
            } catch {
                throw .recording(error, run: folder)
            }
        }
        if let failure = digests.flatMap(\.failures).first { throw failure }
        let comparison = try RunComparison(from: digests[0], to: digests[1], threads: threads)
        return NightDifference(
            endings: comparison.outcomes.map { .init(from: $0.from, to: $0.to, targets: $0.targets) },
            changes: comparison.changes.map { change in
                let lines = change.difference.lines.filter { $0.hasPrefix("-") || $0.hasPrefix("+") }
                return .init(targets: change.targets, lines: lines)
            },
            unchanged: comparison.unchanged,
            isSamePlaybook: isSamePlaybook
        )
    }
}

extension PastNight {
    fileprivate init(_ manifest: Manifest) {
        self.init(
            run: manifest.run,
            playbook: manifest.playbookName,
            playbookHash: manifest.playbookHash,
            startedSeconds: manifest.startedSeconds,
            exitCode: manifest.exitCode,
            targets: manifest.entries
        )
    }
}

extension SearchFailure {
    fileprivate var words: String {
        switch self {
        case .recording(let error, _): error.message
        case .pattern(let error, _, let target):
            "a mask cannot be matched against a line of \(target): \(error.message)"
        }
    }
}
