import Recording
import RecordingFormat

/// A proof: one entry of a run, with what it takes to prove it. A tar file of `manifest.json`, its signature where there
/// is one, `path.tsv` (`MerkleProof`) and the entry. Of the run's other targets it has nothing but hashes.
enum ProofFile {
    static let path = "path.tsv"

    /// What comes before the entry's text.
    static func head(manifest: [UInt8], signature: [UInt8]?, proof: MerkleProof, entryBytes: UInt64, seconds: UInt64)
        -> [UInt8]
    {
        var bytes: [UInt8] = []
        func add(_ name: String, _ text: [UInt8]) {
            bytes += TarHeader(name: name, size: UInt64(text.count), modified: seconds).bytes + text
            bytes += repeatElement(0, count: Int(TarHeader.padded(UInt64(text.count))) - text.count)
        }
        add(RecordedFiles.manifest, manifest)
        if let signature { add(RecordedFiles.manifestSignature, signature) }
        add(path, proof.encoded)
        return bytes + TarHeader(name: proof.leaf.name, size: entryBytes, modified: seconds).bytes
    }

    /// What comes behind it.
    static func tail(entryBytes: UInt64) -> [UInt8] {
        let padding = Int(TarHeader.padded(entryBytes) - entryBytes)
        return [UInt8](repeating: 0, count: padding + TarHeader.endBytes)
    }
}

extension MerkleProof {
    /// Whether its steps are those of this place in a tree of so many leaves.
    func fits(place: Int, of count: Int) -> Bool {
        var sides: [Side] = []
        var (place, width) = (place, count)
        while width > 1 {
            if place % 2 == 1 {
                sides.append(.left)
            } else if place + 1 < width {
                sides.append(.right)
            }
            (place, width) = (place / 2, width / 2 + width % 2)
        }
        return place == 0 && sides == steps.map(\.side)
    }
}
