import Glibc
import Recording
import RecordingFormat

/// A member's text while it goes by: hashed, and of an entry's lines the first and the last kept.
struct MemberText {
    /// An entry's last line has some 90 bytes: a time, `H` and a hash.
    private static let tailBytes: UInt64 = 160
    /// An entry's header line has its target and title in it.
    private static let headBytes = RecordingBound.entryHeader.bytes

    private let member: ExpectedMember
    private let size: UInt64
    private let hash = SHA256()
    private var seen: UInt64 = 0
    private var head: [UInt8] = []
    private var headEnds: Bool
    private var tail: [UInt8] = []
    private(set) var outcome = OutcomeFinder()

    init(_ member: ExpectedMember, size: UInt64) {
        self.member = member
        self.size = size
        headEnds = !member.isEntry
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        if !headEnds { takeHead(bytes) }
        if member.isEntry { outcome.receive(bytes) }
        let tailStart = size - (member.isEntry ? min(size, Self.tailBytes) : 0)
        let plain = Int(min(UInt64(bytes.count), tailStart > seen ? tailStart - seen : 0))
        hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<plain]))
        tail += bytes[plain...]
        seen += UInt64(bytes.count)
    }

    /// What is wrong with the text; nil where nothing is.
    mutating func close() -> String? {
        guard member.isEntry else {
            return [nil, hash.hexadecimalDigest()].contains(member.hash) ? nil : Self.otherHash
        }
        let lastLine = (tail.dropLast().lastIndex(of: 0x0A) ?? -1) + 1
        hash.update(Array(tail[..<lastLine]))
        let own = hash.hexadecimalDigest()
        hash.update(Array(tail[lastLine...]))
        guard hash.hexadecimalDigest() == member.hash else { return Self.otherHash }
        guard Self.isHashLine(tail[lastLine...], of: own) else {
            return "its last line is not the hash of all lines before it"
        }
        guard head.count <= Self.headBytes else { return "its first line is longer than any entry's" }
        guard Self.isHeader(head, of: member) else { return "its first line belongs to another entry or run" }
        return nil
    }

    private static let otherHash = "its SHA-256 is not the one in SHA256SUMS"

    private mutating func takeHead(_ bytes: UnsafeRawBufferPointer) {
        let line = bytes.prefix { $0 != 0x0A }
        head += line
        headEnds = line.count < bytes.count || head.count > Self.headBytes
    }

    /// Whether a line is `[12.345678, "H", "…"]` with that hash.
    private static func isHashLine(_ line: ArraySlice<UInt8>, of hash: String) -> Bool {
        let ending = Array(", \"H\", \"\(hash)\"]\n".utf8)
        guard line.first == 0x5B, line.count > ending.count + 8, line.suffix(ending.count).elementsEqual(ending) else {
            return false
        }
        let seconds = line.dropFirst().dropLast(ending.count)
        return seconds.enumerated().allSatisfy { place, byte in
            place == seconds.count - 7 ? byte == 0x2E : (0x30...0x39).contains(byte)
        }
    }

    /// Whether a header line is that of this member: its name has the entry's number and the target in it. The index has
    /// blanks for a target's control characters.
    private static func isHeader(_ line: [UInt8], of member: ExpectedMember) -> Bool {
        guard
            let own = EntryStamp(headerLine: line), own.format == 1,
            let number = own.number, number <= Int(Int32.max),
            let target = own.target,
            RunName.member(entry: number - 1, target: target) == member.name
        else { return false }
        guard let entry = member.entry else { return true }
        return target.utf8.map { $0 < 0x20 ? 0x20 : $0 } == Array(entry.target.utf8)
    }
}
