import Files
import Glibc
import RecordingFormat
import SystemErrors

/// Puts a run whose archive is complete into the chain, and publishes it. Each step is on disk before the next one is
/// begun; wherever it is cut off, the journal is still there and `finish` or another seal completes it.
struct RunSeal {
    static let signatureName = "manifest.json.sig"
    private static let manifestPart = "\(ArchiveBuilder.manifestName).part"

    let folder: RunFolder
    let options: SealOptions

    private var name: String { folder.name }

    /// Publishes the archive and the manifest.
    /// - Parameters:
    ///   - manifest: all but its place in the chain.
    ///   - archive: `run.tar.zst.part`: this very file gets its name.
    func publish(_ manifest: Manifest, archive: File) throws(SystemError) -> SealedRun {
        let (bytes, head, unsigned) = try join(manifest, archive)
        try folder.own.remove(ArchiveBuilder.journalName)
        return SealedRun(
            folder: folder.path,
            entries: manifest.entries,
            archiveHash: manifest.archiveHash,
            manifestHash: hexadecimal(sha256(bytes)),
            chainHead: head,
            shortcomings: [unsigned, tellWitness(of: head), displacement].compactMap(\.self)
        )
    }

    /// Completes a seal that was cut off behind its line in the chain: the run has its place, and may not get another.
    /// - Returns: false where there is no such line, and all is to be done again.
    func finish() throws(SystemError) -> Bool {
        let part: File
        do throws(SystemError) {
            part = try folder.own.file(Self.manifestPart, O_RDONLY)
        } catch {
            guard [ENOENT, ELOOP, EINVAL].contains(error.code) else { throw error }
            return false
        }
        let bytes = try part.read(Int(min(part.size, RecordingBound.manifest.limit)), at: 0)
        guard
            let manifest = Manifest(bytes), manifest.run == name, folder.own.exists(ArchiveBuilder.archiveName)
        else { return false }
        let hash = hexadecimal(sha256(bytes))
        // A line that is passed over here would get the run a second one.
        let events = try LockedChain(in: folder.recordings, patience: options.patience(.chainWait)).events(of: name)
        guard events.contains(where: { $0.kind == .run && $0.value == hash }) else { return false }
        try folder.requireInPlace()
        try folder.own.publish(part, as: ArchiveBuilder.manifestName)
        try folder.own.sync()
        try folder.own.remove(ArchiveBuilder.journalName)
        return true
    }

    /// All that happens under the chain's lock.
    private func join(_ manifest: Manifest, _ archive: File) throws(SystemError) -> (
        [UInt8], ChainHead, RecordingError?
    ) {
        let chain = try LockedChain(in: folder.recordings, patience: options.patience(.chainWait))
        try folder.requireInPlace()
        // A new run has a new name. A journal may have been put back.
        if manifest.recovered, try chain.events(of: name).contains(where: { $0.kind == .run }) {
            let reason =
                "the chain has a line that seals this run, and a second one would break it; restore its manifest.json"
            throw SystemError("seal", folder.path, EEXIST, reason: reason)
        }
        var manifest = manifest
        manifest.previous = chain.tail.lastRun
        manifest.chainHead = chain.tail.head
        let bytes = manifest.encoded
        let part = try folder.own.writeDurably(bytes, to: Self.manifestPart)
        let unsigned = try sign(bytes)
        try folder.own.publish(archive, as: ArchiveBuilder.archiveName)
        try folder.own.sync()
        try chain.append([
            ChainEvent(
                seconds: Int64(time(nil)),
                kind: .run,
                run: name,
                value: hexadecimal(sha256(bytes)),
                who: ThisUser.name,
                what: manifest.recovered ? "recover" : "seal"
            )
        ])
        // Where it has its name, the run is sealed.
        try folder.own.publish(part, as: ArchiveBuilder.manifestName)
        try folder.own.sync()
        try folder.requireInPlace()
        return (bytes, chain.head, unsigned)
    }

    /// - Returns: why there is no signature, where there was to be one.
    private func sign(_ bytes: [UInt8]) throws(SystemError) -> RecordingError? {
        // One that was made for other bytes, before a crash.
        try folder.own.remove(Self.signatureName)
        guard let sign = options.sign else { return nil }
        let signature: [UInt8]
        do throws(RecordingError) {
            signature = try sign(bytes, options.patience(.keygenWait))
        } catch {
            return RecordingError(
                error.code,
                "The recording in \(folder.path) is sealed without a signature. \(error.message)"
            )
        }
        try folder.own.writeDurably(signature, to: Self.signatureName)
        return nil
    }

    /// What there is to say where the recordings folder is not at its path any more.
    private var displacement: RecordingError? {
        guard !folder.recordings.isInPlace else { return nil }
        return RecordingError(
            .writeFailed,
            "The recordings folder \(folder.recordings.path) was moved, or another has its place: the run is sealed in "
                + "\(folder.own.presentPath). Leave a recordings folder where it is while psrun works in it."
        )
    }

    private func tellWitness(of head: ChainHead) -> RecordingError? {
        do throws(RecordingError) {
            try options.witness?(head, name, options.patience(.logWait))
            return nil
        } catch {
            return error
        }
    }
}
