import Glibc
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("Words, lines and answers")
struct ShellWordsTests {
    @Test("Any argument arrives identical through the shell", arguments: TestedShell.allCases)
    func quoting(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        var numbers = SplitMix64(seed: 20_261_123)
        let alphabet = Array("ab '\"\\$`!*?[]{}()<>|&;#~=%^-+,.:@/\n\t\r é😀\u{1}\u{7f}\u{a0}").map(String.init)
        for _ in 0..<60 {
            let words = (0..<Int.random(in: 0...12, using: &numbers)).map { _ in
                (0..<Int.random(in: 0...14, using: &numbers)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &numbers)]
                }.joined()
            }
            let line = (["printf", "<%s>\\n"] + words).map(ShellQuoting.quoted).joined(separator: " ")
            let expected = words.isEmpty ? "<>\n" : words.map { "<\($0)>\n" }.joined()
            let result = try shell.run(line)
            #expect(result.output.utf8.elementsEqual(expected.utf8), "\(words)")
        }
    }

    @Test("Plain words stay as they are")
    func plain() {
        #expect(["ls", "-l", "/var/a-b_c.d", ""].map(ShellQuoting.quoted) == ["ls", "-l", "/var/a-b_c.d", "''"])
        #expect(ShellQuoting.quoted("it's") == #"'it'\''s'"#)
        #expect(ShellQuoting.quoted("A=b") == "'A=b'")
    }

    @Test("Lines come out the same wherever the bytes were cut")
    func lines() {
        let bytes = Array("one\r\n\ntwo\rtwo\nthree é\nlast".utf8)
        let expected = ["one", "", "two\rtwo", "three é"].map { Array($0.utf8) }
        for cut in 0...bytes.count {
            for second in cut...bytes.count {
                var splitter = LineSplitter()
                var lines = splitter.take(Array(bytes[..<cut]))
                lines += splitter.take(Array(bytes[cut..<second]))
                lines += splitter.take(Array(bytes[second...]))
                #expect(lines == expected)
                #expect(splitter.finish() == Array("last".utf8))
                #expect(splitter.finish() == nil)
            }
        }
    }

    @Test("A line that is too long is left out and counted once; those around it come")
    func longLine() {
        for size in [1, 3, 7, 1_000] {
            var splitter = LineSplitter(longest: 10)
            let text = Array("0123456789\nanother one\nx\r\n0123456789".utf8)
            var lines: [[UInt8]] = []
            var overlong = 0
            for start in stride(from: 0, to: text.count, by: size) {
                lines += splitter.take(Array(text[start..<min(start + size, text.count)]))
                overlong += splitter.takeOverlong()
            }
            lines += splitter.finish().map { [$0] } ?? []
            #expect(lines == ["0123456789", "x", "0123456789"].map { Array($0.utf8) } && overlong == 1)
            #expect(splitter.take(Array("much too long".utf8)).isEmpty && splitter.finish() == nil)
            #expect(splitter.takeOverlong() == 1 && splitter.takeOverlong() == 0)
            #expect(splitter.take(Array("next\n".utf8)) == [Array("next".utf8)])
        }
    }

    @Test("What is not an answer of the shell's is none")
    func answers() {
        #expect(ShellScript.answer("b17".utf8) == .began(17))
        #expect(ShellScript.answer("e17 255".utf8) == .ended(17, status: 255))
        for text in ["", "b", "e", "e17", "x17", "b17 0", "e x 1", "e1 1 1"] {
            #expect(ShellScript.answer(text.utf8) == nil, "\(text)")
        }
    }
}
