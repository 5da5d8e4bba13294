import Playbooks
import Testing

@Suite("Reading a playbook")
struct PlaybookReadingTests {
    private func lines(_ bytes: [UInt8]) throws -> [PlaybookLine] { try Playbook(bytes: bytes).lines }

    private func refusal(_ bytes: [UInt8]) -> PlaybookError? {
        do {
            _ = try Playbook(bytes: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("Nothing is trimmed, and each line keeps its own terminator")
    func keepsEverything() throws {
        let text = "  'a'\t \r\n\n$x = \"`t\" # c\n\r'é😀'\r\n last"
        let read = try lines(Array(text.utf8))
        #expect(read.map(\.number) == [1, 2, 3, 4, 5])
        #expect(read.map(\.text) == ["  'a'\t ", "", "$x = \"`t\" # c", "\r'é😀'", " last"])
        #expect(read.map(\.terminator) == ["\r\n", "\n", "\n", "\r\n", ""])
        #expect(read.map { $0.text + $0.terminator }.joined().utf8.elementsEqual(text.utf8))
    }

    @Test("A byte order mark is not a part of the first line")
    func byteOrderMark() throws {
        #expect(try lines([0xEF, 0xBB, 0xBF] + Array("1\n2".utf8)).map(\.text) == ["1", "2"])
    }

    @Test("UTF-16 is read in either byte order", arguments: [true, false])
    func utf16(bigEndian: Bool) throws {
        let text = "'é😀'\r\n\t2\n"
        let bytes = ([0xFEFF] + text.utf16).flatMap { unit in
            bigEndian ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        #expect(try lines(bytes).map(\.text) == ["'é😀'", "\t2"])
        #expect(try lines(bytes).map(\.terminator) == ["\r\n", "\n"])
    }

    @Test(
        "Bytes that are not text are refused where they stand",
        arguments: [
            (Array("ab\n".utf8) + [0xFF, 0x41], 3),
            ([0xEF, 0xBB, 0xBF, 0x61, 0xC3], 4),
            ([0x61, 0xED, 0xA0, 0x80], 1),
            ([0xFF, 0xFE, 0x61, 0x00, 0x00, 0xD8, 0x62, 0x00], 4),
            ([0xFE, 0xFF, 0x00, 0x61, 0x00], 4),
        ] as [([UInt8], Int)]
    )
    func illFormed(bytes: [UInt8], offset: Int) {
        let error = refusal(bytes)
        #expect(error?.code == .illFormedText)
        #expect(error?.offset == offset)
        #expect(error?.message.contains("byte \(offset)") == true)
    }

    @Test("A NUL is refused with its line and offset, in UTF-16 too")
    func nullCharacter() {
        #expect(refusal([0x31, 0x0A, 0x32, 0x00])?.offset == 3)
        #expect(refusal([0x31, 0x0A, 0x32, 0x00])?.message.contains("line 2") == true)
        let wide = refusal([0xFF, 0xFE, 0x31, 0x00, 0x00, 0x00])
        #expect(wide?.code == .nullCharacter)
        #expect(wide?.offset == 4)
    }

    @Test(
        "A file without a line to send is refused",
        arguments: [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], Array(" \t\n\r\n".utf8)] as [[UInt8]]
    )
    func empty(bytes: [UInt8]) {
        #expect(refusal(bytes)?.code == .empty)
    }

    @Test("A line of 10 MiB is refused, one byte less is not")
    func longLine() throws {
        let longest = [UInt8](repeating: 0x61, count: Playbook.lineLimit - 1)
        #expect(try lines([0x31, 0x0A] + longest + [0x0D, 0x0A]).last?.text.utf8.count == Playbook.lineLimit - 1)
        let error = refusal([0x31, 0x0A] + longest + [0x61, 0x0A])
        #expect(error?.code == .lineTooLong)
        #expect(error?.offset == 2)
        #expect(error?.message.contains("line 2") == true)
    }
}
