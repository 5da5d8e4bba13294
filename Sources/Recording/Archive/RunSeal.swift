import Files
import Glibc
import RecordingFormat
import SystemErrors

/// Puts a run whose archive is complete into the chain, and publishes it. Each step is on disk before the next one is
/// begun; wherever it is cut off, the journal is still there and `finish` or another seal completes it.
struct RunSeal {
    static let signatureName = "manifest.json.sig"
    private static let manifestPart = "\(ArchiveBuilder.manifestName).part"

    let folder: String
    let faults: FileFaults
    let options: SealOptions

    private var name: String { FilePaths.name(of: folder) }
    private var recordings: String { FilePaths.parent(of: folder) }

    /// Publishes `run.tar.zst.part` and the manifest.
    /// - Parameter manifest: all but its place in the chain.
    func publish(_ manifest: Manifest) throws(SystemError) -> SealedRun {
        let (bytes, head, unsigned) = try join(manifest)
        try FilePaths.remove("\(folder)/\(ArchiveBuilder.journalName)")
        return SealedRun(
            folder: folder,
            entries: manifest.entries,
            archiveHash: manifest.archiveHash,
            manifestHash: hexadecimal(sha256(bytes)),
            chainHead: head,
            shortcomings: [unsigned, tellWitness(of: head)].compactMap(\.self)
        )
    }

    /// Completes a seal that was cut off behind its line in the chain: the run has its place, and may not get another.
    /// - Returns: false where there is no such line, and all is to be done again.
    func finish() throws(SystemError) -> Bool {
        guard
            let part = try? File("\(folder)/\(Self.manifestPart)", O_RDONLY),
            let bytes = try? part.read(Int(min(part.size, 1 << 20)), at: 0), let manifest = Manifest(bytes),
            manifest.run == name, FilePaths.exists("\(folder)/\(ArchiveBuilder.archiveName)"),
            let chain = try? RunChain.read(in: recordings),
            case let hash = hexadecimal(sha256(bytes)),
            chain.links.contains(where: { $0.line.event.kind == .run && $0.line.event.value == hash })
        else { return false }
        try FilePaths.rename(part.path, to: ArchiveBuilder.manifestName, faults: faults)
        try FilePaths.syncFolder(folder, faults: faults)
        try FilePaths.remove("\(folder)/\(ArchiveBuilder.journalName)")
        return true
    }

    /// All that happens under the chain's lock.
    private func join(_ manifest: Manifest) throws(SystemError) -> ([UInt8], ChainHead, RecordingError?) {
        let chain = try LockedChain(in: recordings, faults: faults)
        var manifest = manifest
        manifest.previous = chain.tail.lastRun
        manifest.chainHead = chain.tail.head
        let bytes = manifest.encoded
        try FilePaths.writeDurably(bytes, to: "\(folder)/\(Self.manifestPart)", faults: faults)
        let unsigned = try sign(bytes)
        try FilePaths.rename("\(folder)/\(ArchiveBuilder.partName)", to: ArchiveBuilder.archiveName, faults: faults)
        try FilePaths.syncFolder(folder, faults: faults)
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
        try FilePaths.rename("\(folder)/\(Self.manifestPart)", to: ArchiveBuilder.manifestName, faults: faults)
        try FilePaths.syncFolder(folder, faults: faults)
        return (bytes, chain.head, unsigned)
    }

    /// - Returns: why there is no signature, where there was to be one.
    private func sign(_ bytes: [UInt8]) throws(SystemError) -> RecordingError? {
        // One that was made for other bytes, before a crash.
        try FilePaths.remove("\(folder)/\(Self.signatureName)")
        guard let sign = options.sign else { return nil }
        let signature: [UInt8]
        do throws(RecordingError) {
            signature = try sign(bytes)
        } catch {
            return RecordingError(
                error.code,
                "The recording in \(folder) is sealed without a signature. \(error.message)"
            )
        }
        try FilePaths.writeDurably(signature, to: "\(folder)/\(Self.signatureName)", faults: faults)
        return nil
    }

    private func tellWitness(of head: ChainHead) -> RecordingError? {
        do throws(RecordingError) {
            try options.witness?(head, name)
            return nil
        } catch {
            return error
        }
    }
}
