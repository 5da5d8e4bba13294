import CZstd
import Recording
import RecordingFormat

/// An archive made by somebody who knows the format, and need not keep to it.
struct ArchiveForge {
    struct Entry {
        var name: String
        var target: String
        var text: [UInt8]
    }

    var entries: [Entry]
    var playbook: [UInt8]
    var seconds: UInt64 = 1_795_312_800
    var perFrame = 16
    /// Tar before the first member, between its header and the second, and behind the last.
    var smuggled: (first: [UInt8], second: [UInt8], last: [UInt8]) = ([], [], [])
    /// What stands before the frame of the playbook, and behind the trailer.
    var frames: (middle: [UInt8], last: [UInt8]) = ([], [])

    /// Of the last frame's members: the first one's name, and the hash that the second one has of it; nil for what is right.
    var index: (name: String, hash: String?, bytes: [UInt8]?) = (RunName.indexMember, nil, nil)
    /// How far the trailer points beside the last frame.
    var trailerShift: UInt64 = 0

    /// The archive, and the manifest that fits it but for the signature and its place in the chain.
    func make(for manifest: Manifest) -> (archive: [UInt8], manifest: Manifest) {
        var archive: [UInt8] = []
        var indexed: [IndexedEntry] = []
        for start in stride(from: 0, to: entries.count, by: perFrame) {
            var tar: [UInt8] = start == 0 ? smuggled.first : []
            let group = entries[start..<min(start + perFrame, entries.count)]
            let frame = UInt64(archive.count)
            for (place, entry) in zip(group.indices, group) {
                if place == 1 { tar += smuggled.second }
                indexed.append(
                    IndexedEntry(
                        entry: place,
                        frameOffset: frame,
                        frameLength: 0,
                        offset: UInt64(tar.count + TarHeader.byteCount),
                        length: UInt64(entry.text.count),
                        name: entry.name,
                        target: entry.target
                    )
                )
                tar += member(entry.name, entry.text)
            }
            archive += Self.frame(tar)
            for place in group.indices { indexed[place].frameLength = UInt64(archive.count) - frame }
        }
        archive += frames.middle + Self.frame(member(RunName.playbookMember, playbook))
        let index = self.index.bytes ?? ArchiveIndex.encode(indexed)
        let leaves = entries.map { MemberHash(name: $0.name, hash: hexadecimal(sha256($0.text))) }
        let sums =
            (leaves + [
                MemberHash(name: RunName.playbookMember, hash: hexadecimal(sha256(playbook))),
                MemberHash(name: RunName.indexMember, hash: self.index.hash ?? hexadecimal(sha256(index))),
            ]).sums
        let last = UInt64(archive.count)
        archive += Self.frame(
            member(self.index.name, index) + member(RunName.sumsMember, sums)
                + [UInt8](repeating: 0, count: TarHeader.endBytes) + smuggled.last
        )
        archive += ArchiveTrailer(offset: last + trailerShift, length: UInt64(archive.count) - last).bytes + frames.last

        var forged = manifest
        forged.entries = index.count { $0 == 0x0A }
        forged.archiveBytes = UInt64(archive.count)
        forged.archiveHash = hexadecimal(sha256(archive))
        forged.playbookHash = hexadecimal(sha256(playbook))
        forged.indexHash = hexadecimal(sha256(index))
        forged.sumsHash = hexadecimal(sha256(sums))
        forged.merkleRoot = leaves.merkleRoot(hash: sha256)
        return (archive, forged)
    }

    func member(_ name: String, _ text: [UInt8]) -> [UInt8] {
        let padding = Int(TarHeader.padded(UInt64(text.count))) - text.count
        return TarHeader(name: name, size: UInt64(text.count), modified: seconds).bytes + text
            + [UInt8](repeating: 0, count: padding)
    }

    /// A pax header (POSIX.1-2001) that gives the member behind it another name.
    static func paxHeader(renaming name: String) -> [UInt8] {
        let record = " path=\(name)\n"
        let text = Array("\(record.utf8.count + 2)\(record)".utf8)
        var header = TarHeader(name: "PaxHeader", size: UInt64(text.count), modified: 0).bytes
        header[156] = 0x78
        return withChecksum(header) + text + [UInt8](repeating: 0, count: 512 - text.count)
    }

    /// A symbolic link.
    static func link(_ name: String, to target: String) -> [UInt8] {
        var header = TarHeader(name: name, size: 0, modified: 0).bytes
        header[156] = 0x32
        header.replaceSubrange(157..<(157 + target.utf8.count), with: target.utf8)
        return withChecksum(header)
    }

    /// A skippable zstd frame (RFC 8878, section 3.1.2).
    static func skippable(_ text: [UInt8]) -> [UInt8] {
        let count = UInt32(text.count)
        return [0x51, 0x2A, 0x4D, 0x18] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + text
    }

    static func frame(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, filled in
            filled = ZSTD_compress(buffer.baseAddress, bound, bytes, bytes.count, 3)
        }
    }

    private static func withChecksum(_ header: [UInt8]) -> [UInt8] {
        var header = header
        header.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        let field = String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} "
        header.replaceSubrange(148..<156, with: field.utf8)
        return header
    }
}

extension ArchiveForge {
    /// All that an archive holds.
    init(_ folder: String, playbook: [UInt8]) throws(RecordingError) {
        let recording = try SealedRecording(folder: folder)
        entries = []
        self.playbook = playbook
        for entry in recording.entries {
            var text: [UInt8] = []
            try recording.forEachLine(of: entry) { line, _ throws(RecordingError) in
                text += line
                return true
            }
            entries.append(Entry(name: entry.name, target: entry.target, text: text))
        }
    }
}

/// How long the frame at that place is; 0 where there is none.
func frameSize(_ archive: [UInt8], at place: Int) -> Int {
    archive.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[place...])
        let size = ZSTD_findFrameCompressedSize(rest.baseAddress, rest.count)
        return ZSTD_isError(size) == 0 ? size : 0
    }
}
