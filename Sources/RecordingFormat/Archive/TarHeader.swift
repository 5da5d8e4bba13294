/// A member's header in the archive's tar stream (POSIX.1-1988 ustar), as strictly read as it is written: a regular file
/// of root's, with a name and nothing else that a reader could take for one. What two readers could understand in two
/// ways, such as a pax header that renames what follows, is not a header here.
package struct TarHeader: Sendable, Hashable {
    package static let byteCount = 512
    /// What follows the last member.
    package static let endBytes = 1024
    /// Seconds since 1970, UTC, that a header has room for: until the year 2242.
    package static let times: Range<Int64> = 0..<(1 << 33)

    package var name: String
    package var size: UInt64
    /// Seconds since 1970, UTC.
    package var modified: UInt64

    package init(name: String, size: UInt64, modified: UInt64) {
        self.name = name
        self.size = size
        self.modified = modified
    }

    /// Reads a header's 512 bytes; nil where they are anything else than a regular member's.
    package init?(_ bytes: [UInt8]) {
        guard
            bytes.count == Self.byteCount,
            bytes[257..<265].elementsEqual("ustar\u{0}00".utf8), bytes[156] == 0x30,
            Self.number(bytes[100..<108]) == 0o600, Self.number(bytes[108..<116]) == 0,
            Self.number(bytes[116..<124]) == 0,
            let size = Self.number(bytes[124..<136]), let modified = Self.number(bytes[136..<148]),
            Self.number(bytes[148..<156]) == Self.checksum(bytes),
            bytes[157..<257].allSatisfy({ $0 == 0 }), bytes[265..<329].allSatisfy({ $0 == 0 }),
            Self.number(bytes[329..<337]) == 0, Self.number(bytes[337..<345]) == 0,
            bytes[345..<512].allSatisfy({ $0 == 0 })
        else { return nil }
        let name = bytes.prefix { $0 != 0 }.prefix(100)
        guard RunName.isName(name), bytes[name.count..<100].allSatisfy({ $0 == 0 }) else { return nil }
        self.init(name: String(decoding: name, as: UTF8.self), size: size, modified: modified)
    }

    /// The header's 512 bytes.
    package var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        func put(_ text: String, at offset: Int) {
            bytes.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
        }
        func octal(_ value: UInt64, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0)
        for (offset, value) in [(100, UInt64(0o600)), (108, 0), (116, 0), (329, 0), (337, 0)] {
            put(octal(value, 6) + " ", at: offset)
        }
        put(octal(size, 11) + " ", at: 124)
        put(octal(modified, 11) + " ", at: 136)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        put(octal(Self.checksum(bytes), 6) + "\u{0} ", at: 148)
        return bytes
    }

    /// The bytes that a member's text takes in the archive: whole blocks.
    package static func padded(_ size: UInt64) -> UInt64 {
        (size + 511) / 512 * 512
    }

    /// The sum of all bytes, those of the sum itself taken for blanks.
    private static func checksum(_ bytes: [UInt8]) -> UInt64 {
        bytes.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : UInt64($1.element)) }
    }

    /// Octal digits, and behind them blanks and NULs only; nil for anything else, such as base 256.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
        let digits = field.prefix { (0x30...0x37).contains($0) }
        guard !digits.isEmpty, field.dropFirst(digits.count).allSatisfy({ $0 == 0x20 || $0 == 0 }) else { return nil }
        return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
    }
}
