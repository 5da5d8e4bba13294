import RecordingFormat

/// A member as index, SHA256SUMS and manifest tell of it.
struct ExpectedMember: Sendable, Hashable {
    let name: String
    /// SHA-256 of its text, in hexadecimal; nil where that is compared elsewhere.
    let hash: String?
    /// nil where only its own header tells.
    var size: UInt64?
    /// Its line of the index; nil where there is none.
    var entry: IndexedEntry?
    /// Whether it is a target's recording, with its own header and hash in it.
    var isEntry = false
}

/// A zstd frame, and the members that it must hold, all of them and nothing else.
struct ExpectedFrame: Sendable, Hashable {
    let bytes: Range<UInt64>
    let members: [ExpectedMember]
    /// Whether the tar stream ends in it.
    var endsArchive = false
}

/// Where everything in an archive lies: frames that follow each other without a gap, and members that do so in each.
struct ArchiveMap: Sendable, Hashable {
    let frames: [ExpectedFrame]

    /// - Parameters:
    ///   - index: in the order of the file.
    ///   - sums: SHA256SUMS.
    ///   - tail: where the frame with the index lies.
    /// - Throws: where they do not fit each other.
    init(index: [IndexedEntry], sums: [MemberHash], tail: ArchiveTrailer) throws(Damage) {
        let names = index.map(\.name) + [RunName.playbookMember, RunName.indexMember]
        guard sums.map(\.name) == names else {
            throw Damage("SHA256SUMS does not name the entries of index.tsv, playbook.ps1 and index.tsv, in that order")
        }
        for (place, entry) in index.enumerated() {
            guard entry.entry == place, entry.name == RunName.member(entry: place, target: entry.target) else {
                throw Damage("line \(place + 1) of index.tsv does not describe entry \(place + 1)")
            }
        }
        var frames: [ExpectedFrame] = []
        var place: UInt64 = 0
        let byOffset = index.sorted { ($0.frameOffset, $0.offset) < ($1.frameOffset, $1.offset) }
        for group in byOffset.chunked(by: { $0.frameOffset == $1.frameOffset }) {
            let frame = try Self.frame(of: group, at: place, sums: sums)
            place = frame.bytes.upperBound
            frames.append(frame)
        }
        guard place < tail.offset else {
            throw Damage("there is no room for the playbook's frame before byte \(tail.offset)")
        }
        let playbook = ExpectedMember(name: RunName.playbookMember, hash: sums[index.count].hash)
        self.frames = frames + [ExpectedFrame(bytes: place..<tail.offset, members: [playbook])]
    }

    private static func frame(
        of entries: ArraySlice<IndexedEntry>,
        at place: UInt64,
        sums: [MemberHash]
    ) throws(Damage) -> ExpectedFrame {
        var members: [ExpectedMember] = []
        var text: UInt64 = 0
        for entry in entries {
            let (end, overflow) = entry.frameOffset.addingReportingOverflow(entry.frameLength)
            guard entry.frameOffset == place, !overflow, entry.frameLength == entries.first?.frameLength, end > place
            else {
                throw Damage("index.tsv: the frame of \(entry.name) does not begin where the one before ends")
            }
            guard entry.offset == text + UInt64(TarHeader.byteCount), entry.length < 1 << 33 else {
                throw Damage("index.tsv: \(entry.name) does not follow the member before it")
            }
            text = entry.offset + TarHeader.padded(entry.length)
            members.append(
                ExpectedMember(
                    name: entry.name,
                    hash: sums[entry.entry].hash,
                    size: entry.length,
                    entry: entry,
                    isEntry: true
                )
            )
        }
        return ExpectedFrame(bytes: place..<(place + (entries.first?.frameLength ?? 0)), members: members)
    }
}

extension Array {
    /// Runs of neighbours that belong together.
    fileprivate func chunked(by belongs: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var chunks: [ArraySlice<Element>] = []
        var start = startIndex
        for place in indices where place + 1 == endIndex || !belongs(self[place], self[place + 1]) {
            chunks.append(self[start...place])
            start = place + 1
        }
        return chunks
    }
}
