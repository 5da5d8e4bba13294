import Recording
package import RecordingFormat

/// An entry's place, as `index.tsv` has it; its names are read only where they are asked for.
struct EntryPlace: Sendable, Hashable {
    /// Its number, from 0.
    var entry: Int
    /// Of its text in the decompressed frame.
    var offset: Int
    var length: Int
    /// Of its line in the index.
    fileprivate var line: Range<Int>
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
            guard let line = IndexLine(index, from: start), line.isSound(within: archive.manifest.archiveBytes) else {
                throw archive.damage("line \(count + 1) of its index is none")
            }
            count += 1
            if isWanted(archive.index[line.target]) {
                let place = EntryPlace(
                    entry: Int(line.numbers[0]) - 1,
                    offset: Int(line.numbers[3]),
                    length: Int(line.numbers[4]),
                    line: start..<line.end
                )
                entries.append((line.numbers[1], line.numbers[2], place))
            }
            start = line.end + 1
        }
        guard count == archive.manifest.entries else { throw archive.damage("its index has not all its entries") }
        entries.sort { ($0.frame, $0.place.offset) < ($1.frame, $1.place.offset) }
        var frames: [FramePlace] = []
        for (frame, length, place) in entries {
            if frames.last?.offset != frame {
                frames.append(FramePlace(offset: frame, length: Int(length), entries: [], textLength: 0))
            }
            let last = frames.count - 1
            guard place.offset >= frames[last].textLength, frames[last].length == Int(length) else {
                throw archive.damage("its index has entries that lie on each other")
            }
            frames[last].entries.append(place)
            frames[last].textLength = place.offset + place.length
        }
        self.archive = archive
        self.frames = frames
        hashes = Self.lines(of: archive.sums)
    }

    /// The target as it was named.
    func target(of place: EntryPlace) -> String {
        String(decoding: field(6, of: place), as: UTF8.self)
    }

    /// The SHA-256 of the entry's text as SHA256SUMS has it, in hexadecimal; empty where it is not there.
    func hash(of place: EntryPlace) -> String {
        guard hashes.indices.contains(place.entry) else { return "" }
        let line = archive.sums[hashes[place.entry]]
        guard line.count > 66, line.dropFirst(66).elementsEqual(field(5, of: place)) else { return "" }
        return String(decoding: line.prefix(64), as: UTF8.self)
    }

    private func field(_ number: Int, of place: EntryPlace) -> ArraySlice<UInt8> {
        archive.index[place.line].split(separator: 0x09, maxSplits: 6, omittingEmptySubsequences: false)[number]
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

/// A line of the index: five numbers, the member's name, the target.
private struct IndexLine {
    var numbers: [5 of UInt64] = [0, 0, 0, 0, 0]
    var target = 0..<0
    /// Where its line end is.
    var end: Int

    init?(_ bytes: [UInt8], from start: Int) {
        var position = start
        for field in 0..<5 {
            var value: UInt64 = 0
            let first = position
            while position < bytes.count, case let digit = bytes[position] &- 0x30, digit < 10 {
                guard position - first < 18 else { return nil }
                value = value * 10 + UInt64(digit)
                position += 1
            }
            guard position > first, position < bytes.count, bytes[position] == 0x09 else { return nil }
            numbers[field] = value
            position += 1
        }
        while position < bytes.count, bytes[position] != 0x09, bytes[position] != 0x0A { position += 1 }
        guard position < bytes.count, bytes[position] == 0x09 else { return nil }
        let name = position + 1
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        target = name..<position
        end = position
    }

    /// Whether the frame lies within the file and the entry within what a frame can hold.
    func isSound(within archiveBytes: UInt64) -> Bool {
        numbers[0] > 0 && numbers[0] <= UInt64(Int32.max) && numbers[2] > 0
            && numbers[1] < archiveBytes && numbers[2] <= archiveBytes - numbers[1]
    }
}
