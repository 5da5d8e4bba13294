import Files
import Glibc
package import Recording
package import RecordingFormat
import SystemErrors

/// Takes one entry of a sealed run out, with what proves it.
package struct ProofMaker {
    private let recording: SealedRecording
    private let entry: IndexedEntry
    private let head: [UInt8]

    /// Checks the entry, and its way up to the manifest's Merkle root.
    /// - Parameter folder: the run's.
    /// - Throws: `damaged` where it is not what was sealed.
    package init(_ entry: IndexedEntry, of recording: SealedRecording, in folder: String) throws(RecordingError) {
        self.entry = entry
        self.recording = recording
        try recording.check(entry)
        let proof = recording.leaves.merkleProof(of: entry.entry, hash: sha256)
        guard proof.root(hash: sha256) == recording.manifest.merkleRoot else {
            throw RecordingError(
                .damaged,
                "\(recording.manifest.run) cannot prove an entry: its Merkle root is not that of its SHA256SUMS. "
                    + "`psrun verify` says more."
            )
        }
        head = ProofFile.head(
            manifest: recording.manifest.encoded,
            signature: try Self.signature(in: folder),
            proof: proof,
            entryBytes: entry.length,
            seconds: UInt64(recording.manifest.startedSeconds.clamped(to: TarHeader.times))
        )
    }

    /// `RUN-TARGET.proof.tar`.
    package var usualName: String {
        let target = entry.name.drop { $0 != "-" }.dropFirst().dropLast(".cast".count)
        return "\(recording.manifest.run)-\(target).proof.tar"
    }

    /// Hands out the file's bytes, piece by piece.
    package func write(_ take: (ArraySlice<UInt8>) throws(RecordingError) -> Void) throws(RecordingError) {
        try take(head[...])
        try recording.forEachLine(of: entry) { line, _ throws(RecordingError) in
            try take(line)
            return true
        }
        try take(ProofFile.tail(entryBytes: entry.length)[...])
    }

    private static func signature(in folder: String) throws(RecordingError) -> [UInt8]? {
        let path = "\(folder)/\(RecordedFiles.manifestSignature)"
        guard FilePaths.exists(path) else { return nil }
        do throws(SystemError) {
            let file = try File(path, O_RDONLY)
            guard try file.size <= RecordingBound.signature.limit else { throw SystemError("read", path, EFBIG) }
            return try file.read(RecordingBound.signature.bytes, at: 0)
        } catch {
            throw RecordingError(.damaged, "The signature cannot be read: \(error.text).")
        }
    }
}

extension Int64 {
    fileprivate func clamped(to range: Range<Int64>) -> Int64 {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound - 1)
    }
}
