import RecordingFormat
import Testing

/// A tar header is read in one way or not at all.
@Suite struct TarHeaderTests {
    private static let header = TarHeader(name: "00001-web01.cast", size: 896, modified: 1_795_410_978)

    @Test("A tar header that is written is read back as it was")
    func whatIsWrittenIsRead() {
        #expect(TarHeader(Self.header.bytes) == Self.header)
    }

    @Test("No byte of a header can change without being noticed, but what ends a number")
    func everyByteCounts() {
        let bytes = Self.header.bytes
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x01
            #expect(TarHeader(changed) != Self.header, "byte \(index)")
        }
    }

    @Test(
        "Types, links, prefixes and base 256 are not a header, whatever their checksum",
        arguments: [
            (156, 0x31), (156, 0x78), (157, 0x61), (345, 0x61), (124, 0x80), (500, 0x01), (265, 0x72),
        ]
    )
    func otherMeanings(offset: Int, value: UInt8) {
        var bytes = Self.header.bytes
        let difference = Int(value) - Int(bytes[offset])
        bytes[offset] = value
        var sum = 0
        for digit in bytes[148..<154] { sum = sum << 3 | Int(digit - 0x30) }
        let digits = String(sum + difference, radix: 8)
        bytes.replaceSubrange(148..<154, with: (String(repeating: "0", count: 6 - digits.count) + digits).utf8)
        #expect(TarHeader(bytes) == nil)
    }

    @Test("A member whose name only looks the same is another member")
    func aNameThatOnlyLooksTheSameIsNone() {
        // U+212A KELVIN SIGN, which Swift takes for a K.
        #expect(TarHeader(TarHeader(name: "00001-K.cast", size: 1, modified: 0).bytes) != nil)
        #expect(TarHeader(TarHeader(name: "00001-\u{212A}.cast", size: 1, modified: 0).bytes) == nil)
    }
}
