import Recording
package import RecordingFormat

/// An entry's place, as `index.tsv` has it; its names are read only where they are asked for.
struct EntryPlace: Sendable, Hashable {
    /// Its number, from 0.
    var entry: Int
    /// Of its text in the decompressed frame.
    var offset: Int
    var length: Int
    /// In the index: the member's name, and the target.
    fileprivate var name: Range<Int>
    fileprivate var target: Range<Int>
}

/// A zstd frame and the wanted entries in it, in the order of their offsets.
struct FramePlace: Sendable, Hashable {
    var offset: UInt64
    var length: Int
    var entries: [EntryPlace]
    /// How much of the decompressed frame the wanted entries reach into.
    var textLength: Int
}

/// A sealed run's index, read without making a string of any name: a night of thousands of targets is a megabyte of it.
package struct FrameIndex: Sendable {
    let archive: RawArchive
    /// In the order of the file.
    let frames: [FramePlace]
    private let hashes: [Range<Int>]

    package var manifest: Manifest { archive.manifest }

    /// The run's folder.
    package var folder: String { archive.folder }

    /// Whether any entry is wanted.
    package var hasEntries: Bool { !frames.isEmpty }

    /// - Parameter isWanted: chooses entries by their target.
    /// - Throws: `damaged` where the index is not one that psrun writes.
    init(of archive: RawArchive, where isWanted: (_ target: ArraySlice<UInt8>) -> Bool) throws(RecordingError) {
        var entries: [(frame: UInt64, frameLength: UInt64, place: EntryPlace)] = []
        var count = 0
        var start = 0
        let index = archive.index
        while start < index.count {
            guard let line = IndexLine(index[start...]), line.isSound(within: archive.manifest.archiveBytes) else {
                throw archive.damage("line \(count + 1) of its index is malformed")
            }
            count += 1
            if isWanted(archive.index[line.target]) {
                let place = EntryPlace(
                    entry: line.entry,
                    offset: Int(line.offset),
                    length: Int(line.length),
                    name: line.name,
                    target: line.target
                )
                entries.append((line.frameOffset, line.frameLength, place))
            }
            start = line.end + 1
        }
        guard count == archive.manifest.entries else { throw archive.damage("its index lacks some of its entries") }
        entries.sort { ($0.frame, $0.place.offset) < ($1.frame, $1.place.offset) }
        var frames: [FramePlace] = []
        for (frame, length, place) in entries {
            if frames.last?.offset != frame {
                frames.append(FramePlace(offset: frame, length: Int(length), entries: [], textLength: 0))
            }
            let last = frames.count - 1
            guard place.offset >= frames[last].textLength, frames[last].length == Int(length) else {
                throw archive.damage("entries of its index overlap")
            }
            frames[last].entries.append(place)
            frames[last].textLength = place.offset + place.length
        }
        let expanded = ArchiveExpansion.bytes(
            entries.lazy.map { ($0.frame, UInt64($0.place.offset), UInt64($0.place.length)) }
        )
        guard ArchiveExpansion.isAllowed(expanded, of: archive.manifest.archiveBytes) else {
            throw archive.damage(ArchiveExpansion.refusal(expanded, of: archive.manifest.archiveBytes))
        }
        self.archive = archive
        self.frames = frames
        hashes = Self.lines(of: archive.sums)
    }

    /// The target as it was named.
    func target(of place: EntryPlace) -> String {
        String(decoding: archive.index[place.target], as: UTF8.self)
    }

    /// The SHA-256 of the entry's text as SHA256SUMS has it, in hexadecimal; empty where it is not there.
    func hash(of place: EntryPlace) -> String {
        guard hashes.indices.contains(place.entry) else { return "" }
        let line = archive.sums[hashes[place.entry]]
        guard line.count > 66, line.dropFirst(66).elementsEqual(archive.index[place.name]) else { return "" }
        return String(decoding: line.prefix(64), as: UTF8.self)
    }

    /// SHA256SUMS names the entries in the order of the targets, and then other members.
    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(start..<index)
            start = index + 1
        }
        return lines
    }
}
