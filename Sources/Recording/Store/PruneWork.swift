import Files
import Glibc
import RecordingFormat
import SystemErrors

/// The pruning of one run. All of it happens under the chain's lock: what another has done before is seen, and nobody sees
/// it half done.
struct PruneWork {
    private static let part = "\(Tombstone.fileName).part"

    let run: RunFolder
    let reason: String
    let options: SealOptions

    /// - Returns: how many bytes the archive had; nil where the run was gone.
    func prune() throws -> UInt64? {
        let (bytes, head) = try pruneLocked()
        if let head { try options.witness?(head, run.name, options.patience(.logWait)) }
        return bytes
    }

    private func pruneLocked() throws -> (bytes: UInt64?, head: ChainHead?) {
        let chain = try LockedChain(in: run.recordings, patience: options.patience(.chainWait))
        try run.requireInPlace()
        guard run.own.exists(ArchiveBuilder.manifestName) else {
            throw RecordingError(.unsealed, "\(run.path) is not sealed, and only sealed runs are pruned.")
        }
        let manifest = try SealedRecording.manifest(in: run.own)
        let hash = hexadecimal(sha256(manifest.encoded))
        let events = try chain.events(of: run.name)
        guard manifest.run == run.name, events.contains(where: { $0.kind == .run && $0.value == hash }) else {
            throw foreign("its manifest is not one that the chain has a line for under this name")
        }
        let tombstones = events.filter { $0.kind == .prune }.map(\.value)
        let isBuried = try isBuried(tombstones)
        let archive = try? run.own.file(ArchiveBuilder.archiveName, O_RDONLY)
        guard archive != nil || !isBuried || run.own.exists(ArchiveBuilder.archiveName) else { return (nil, nil) }
        let bytes = try archive?.size ?? 0
        let head = isBuried ? nil : try bury(manifest, hash, tombstones, chain)
        try run.own.remove(ArchiveBuilder.archiveName)
        try run.own.sync()
        return (bytes, head)
    }

    private func foreign(_ what: String) -> RecordingError {
        RecordingError(.damaged, "\(run.path) is not pruned: \(what). `psrun verify` says more.")
    }

    /// Whether the tombstone is there, and the chain's.
    /// - Throws: `damaged` where it is nobody's.
    private func isBuried(_ tombstones: [String]) throws -> Bool {
        guard run.own.exists(Tombstone.fileName) else { return false }
        let file = try run.own.file(Tombstone.fileName, O_RDONLY)
        let bytes = try file.read(Int(min(file.size, RecordingBound.tombstone.limit)), at: 0)
        guard tombstones.contains(hexadecimal(sha256(bytes))) else {
            throw foreign("its tombstone has no line in the chain, so its archive stays")
        }
        return true
    }

    /// Puts the tombstone in its place, and into the chain.
    private func bury(
        _ manifest: Manifest,
        _ hash: String,
        _ tombstones: [String],
        _ chain: LockedChain
    ) throws -> ChainHead {
        let part: File
        if let left = try partInChain(tombstones) {
            part = left
        } else {
            // The chain has room for one.
            guard tombstones.isEmpty else {
                throw foreign("the chain says that it was, but its tombstone is not there")
            }
            let tombstone = Tombstone(
                run: manifest.run,
                manifestHash: hash,
                prunedSeconds: Int64(time(nil)),
                by: ThisUser.name,
                reason: reason,
                chainHead: chain.tail.head
            )
            part = try write(tombstone)
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
        try run.own.publish(part, as: Tombstone.fileName)
        try run.own.sync()
        return chain.head
    }

    /// A tombstone that was written and has its line, and only wants its name.
    private func partInChain(_ tombstones: [String]) throws -> File? {
        guard
            let file = try? run.own.file(Self.part, O_RDONLY),
            let bytes = try? file.read(Int(min(file.size, RecordingBound.tombstone.limit)), at: 0)
        else { return nil }
        return tombstones.contains(hexadecimal(sha256(bytes))) ? file : nil
    }

    private func write(_ tombstone: Tombstone) throws -> File {
        let file = try run.own.writeDurably(tombstone.encoded, to: Self.part)
        try run.own.remove(Tombstone.signatureName)
        if let sign = options.sign {
            let signature = try sign(tombstone.encoded, options.patience(.keygenWait))
            try run.own.writeDurably(signature, to: Tombstone.signatureName)
        }
        try run.own.sync()
        return file
    }
}
