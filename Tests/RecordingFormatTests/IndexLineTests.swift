import RecordingFormat
import Testing

@Suite("A line of index.tsv")
struct IndexLineTests {
    private static let nines = String(repeating: "9", count: 18)

    @Test("It is read where it stands, up to its line end")
    func fields() throws {
        let bytes = Array("before\n7\t10\t20\t30\t40\ta.cast\tü\tb\nnext".utf8)
        let line = try #require(IndexLine(bytes[7...]))
        #expect(line.entry == 6 && line.frameOffset == 10 && line.frameLength == 20)
        #expect(line.offset == 30 && line.length == 40)
        #expect(String(decoding: bytes[line.name], as: UTF8.self) == "a.cast")
        #expect(String(decoding: bytes[line.target], as: UTF8.self) == "ü\tb")
        #expect(bytes[line.end] == 0x0A)
        #expect(line.isSound(within: 30) && !line.isSound(within: 29) && !line.isSound(within: 10))
    }

    @Test("Numbers have up to 18 digits")
    func longNumbers() throws {
        let line = try #require(ArchiveIndex.decode(line: Array("1\t\(Self.nines)\t1\t0\t1\ta\tb".utf8)[...]))
        #expect(line.frameOffset == 999_999_999_999_999_999)
    }

    @Test(
        "What is not one is refused by each reader",
        arguments: [
            "", "1", "1\t2\t3\t4\t5\ta", "0\t2\t3\t4\t5\ta\tb", "-1\t2\t3\t4\t5\ta\tb", "+1\t2\t3\t4\t5\ta\tb",
            "2147483648\t2\t3\t4\t5\ta\tb", "1\t\t3\t4\t5\ta\tb", "1\t2 \t3\t4\t5\ta\tb", "1\t2\t3\t4\t5\t\tb",
            "1\t2\t3\t4\t5\ta/b\tb", "1\t2\t3\t4\t5\ta\nb\tc", "1\t9\(Self.nines)\t3\t4\t5\ta\tb",
        ]
    )
    func refused(text: String) {
        #expect(IndexLine(Array(text.utf8)[...]) == nil)
        #expect(ArchiveIndex.decode(line: Array(text.utf8)[...]) == nil)
    }
}
