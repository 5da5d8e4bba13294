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
    }

    /// Decides for every run of a store, but those that are gone already.
    /// - Parameters:
    ///   - now: seconds since 1970, UTC.
    ///   - keep: seconds: what began no longer ago stays.
    package static func decide(
        _ runs: [RecordedRun],
        now: Int64,
        keep: Int64
    ) -> [(run: RecordedRun, decision: Decision)] {
        let newest = runs.last { if case .sealed = $0.state { true } else { false } }
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
            case .sealed(let manifest):
                if manifest.startedSeconds >= now - keep { return (run, .young) }
                if let until = manifest.retainUntilSeconds, until > now { return (run, .retained(until: until)) }
                return (run, run == newest ? .newest : .prune)
            }
        }
    }

    /// Prunes a sealed run, or completes what a crash cut off; each step is on disk before the next one is begun. Blocks.
    /// - Parameters:
    ///   - reason: the rule by which it goes: `--keep 90d`.
    ///   - options: a tombstone that cannot be signed is none, and the run stays.
    /// - Returns: how many bytes its archive had.
    /// - Throws: `writeFailed`, `signing`, `unsealed`; `damaged` where its tombstone is nobody's; `witness` once it is
    ///   pruned.
    @discardableResult
    package static func prune(
        _ folder: String,
        reason: String,
        options: SealOptions = SealOptions(),
        faults: FileFaults = .none
    ) throws(RecordingError) -> UInt64 {
        do {
            return try PruneWork(folder: folder, reason: reason, options: options, faults: faults).run()
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

/// The pruning of one run.
private struct PruneWork {
    let folder: String
    let reason: String
    let options: SealOptions
    let faults: FileFaults

    private var part: String { "\(folder)/\(Tombstone.fileName).part" }

    func run() throws -> UInt64 {
        let archive = "\(folder)/\(ArchiveBuilder.archiveName)"
        let bytes = (try? File(archive, O_RDONLY).size) ?? 0
        var head: ChainHead?
        switch RecordedRun(folder: folder).state {
        case .sealed(let manifest): head = try bury(manifest)
        case .pruned(_, let tombstone):
            guard try isInChain(tombstone.encoded) else {
                throw RecordingError(
                    .damaged,
                    "\(folder) has a tombstone that has no line in the chain, so its archive stays. "
                        + "`psrun verify` says more."
                )
            }
        case .running, .killed, .damaged, .unreadable:
            throw RecordingError(.unsealed, "\(folder) is not sealed, and only sealed runs are pruned.")
        }
        try FilePaths.remove(archive)
        try FilePaths.syncFolder(folder, faults: faults)
        if let head { try options.witness?(head, FilePaths.name(of: folder)) }
        return bytes
    }

    /// Puts the tombstone in its place, and into the chain.
    private func bury(_ manifest: Manifest) throws -> ChainHead {
        let chain = try LockedChain(in: FilePaths.parent(of: folder), faults: faults)
        if try !isPartInChain() {
            let tombstone = Tombstone(
                run: manifest.run,
                manifestHash: hexadecimal(sha256(manifest.encoded)),
                prunedSeconds: Int64(time(nil)),
                by: ThisUser.name,
                reason: reason,
                chainHead: chain.tail.head
            )
            try write(tombstone)
            try chain.append([
                ChainEvent(
                    seconds: tombstone.prunedSeconds,
                    kind: .prune,
                    run: manifest.run,
                    value: hexadecimal(sha256(tombstone.encoded)),
                    who: tombstone.by,
                    what: "prune \(reason)"
                )
            ])
        }
        try FilePaths.rename(part, to: Tombstone.fileName, faults: faults)
        try FilePaths.syncFolder(folder, faults: faults)
        return chain.head
    }

    /// Whether a tombstone was written and has its line, and only wants its name.
    private func isPartInChain() throws -> Bool {
        guard let file = try? File(part, O_RDONLY), let bytes = try? file.read(Int(min(file.size, 1 << 20)), at: 0)
        else {
            return false
        }
        return try isInChain(bytes)
    }

    /// Whether a line of the chain says that this run was pruned, with this tombstone.
    private func isInChain(_ tombstone: [UInt8]) throws -> Bool {
        let hash = hexadecimal(sha256(tombstone))
        let run = FilePaths.name(of: folder)
        return try RunChain.read(in: FilePaths.parent(of: folder)).links.contains { link in
            link.line.event.kind == .prune && link.line.event.run == run && link.line.event.value == hash
        }
    }

    private func write(_ tombstone: Tombstone) throws {
        try FilePaths.writeDurably(tombstone.encoded, to: part, faults: faults)
        let signature = "\(folder)/\(Tombstone.signatureName)"
        try FilePaths.remove(signature)
        if let sign = options.sign {
            try FilePaths.writeDurably(try sign(tombstone.encoded), to: signature, faults: faults)
        }
        try FilePaths.syncFolder(folder, faults: faults)
    }
}
