package import Files
import Glibc
import RecordingFormat
import SystemErrors

/// Removes the archives of whole runs. A pruned run keeps its manifest, and gets a tombstone that the chain names: who
/// removed it, when and by which rule, so that all other runs can still be proved.
package enum RunPruning {
    /// What becomes of a run.
    package enum Decision: Sendable, Hashable {
        case prune
        /// It began too late, or runs.
        case young
        /// The newest sealed run stays, however old.
        case newest
        /// Nobody may prune it before, in seconds since 1970, UTC.
        case retained(until: Int64)
        /// It was killed, or is damaged.
        case unsealed
        /// Only another user can tell what it is.
        case unreadable
        /// The chain does not say that this folder's run was sealed with this manifest: it is somebody else's.
        case foreign
    }

    /// Decides for every run of a store, but those that are gone already.
    /// - Parameters:
    ///   - sealed: the runs that the chain seals, with the hashes of their manifests.
    ///   - now: seconds since 1970, UTC.
    ///   - keep: seconds: what began no longer ago stays.
    package static func decide(
        _ runs: [RecordedRun],
        sealed: [String: String],
        now: Int64,
        keep: Int64
    ) -> [(run: RecordedRun, decision: Decision)] {
        let newest = runs.last { $0.isSealed && $0.isIn(sealed) }
        return runs.compactMap { run in
            switch run.state {
            case .pruned(let manifest, _):
                // A crash left its archive behind.
                guard FilePaths.exists("\(run.folder)/\(ArchiveBuilder.archiveName)") else { return nil }
                if let until = manifest.retainUntilSeconds, until > now { return (run, .retained(until: until)) }
                return (run, .prune)
            case .running: return (run, .young)
            case .killed, .damaged: return (run, .unsealed)
            case .unreadable: return (run, .unreadable)
            case .sealed where !run.isIn(sealed): return (run, .foreign)
            case .sealed(let manifest):
                if manifest.startedSeconds >= now - keep { return (run, .young) }
                if let until = manifest.retainUntilSeconds, until > now { return (run, .retained(until: until)) }
                return (run, run == newest ? .newest : .prune)
            }
        }
    }

    /// Prunes a sealed run, or completes what a crash cut off; each step is on disk before the next one is begun. Blocks
    /// until the chain's lock is free, and looks at the run under it.
    /// - Parameters:
    ///   - reason: the rule by which it goes: `--keep 90d`.
    ///   - options: a tombstone that cannot be signed is none, and the run stays.
    /// - Returns: how many bytes its archive had; nil where another has pruned it meanwhile.
    /// - Throws: `writeFailed`, `signing`, `unsealed`; `damaged` where it is not the run that the chain tells of, or its
    ///   tombstone is nobody's; `witness` once it is pruned.
    @discardableResult
    package static func prune(
        _ folder: String,
        reason: String,
        options: SealOptions = SealOptions(),
        faults: FileFaults = .none
    ) throws(RecordingError) -> UInt64? {
        do {
            return try PruneWork(run: RunFolder(folder, faults: faults), reason: reason, options: options).prune()
        } catch let error as RecordingError {
            throw error
        } catch {
            let text = (error as? SystemError)?.text ?? "\(error)"
            throw RecordingError(
                .writeFailed,
                "\(folder) cannot be pruned: \(text). The next `psrun prune` completes what was begun."
            )
        }
    }
}

extension RecordedRun {
    /// Whether it is the run that the chain tells of: under this name, with this manifest.
    package func isIn(_ sealed: [String: String]) -> Bool {
        guard let manifest, manifest.run == name else { return false }
        return sealed[name] == hexadecimal(sha256(manifest.encoded))
    }
}
