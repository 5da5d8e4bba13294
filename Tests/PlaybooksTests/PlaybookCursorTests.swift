import Playbooks
import Testing

@Suite("Blocks")
struct PlaybookCursorTests {
    private func cursor(_ text: String, rule: BlockRule = .parser, maximumLines: Int = 2000) throws -> PlaybookCursor {
        PlaybookCursor(try Playbook(bytes: Array(text.utf8)), rule: rule, maximumLines: maximumLines)
    }

    /// The texts that a far side is asked about which takes none of them, one after the other.
    private func trials(_ text: String) throws -> [String] {
        var cursor = try cursor(text)
        var texts = [cursor.next()].compactMap { $0?.text }
        while let longer = extendedText(&cursor) { texts.append(longer) }
        return texts
    }

    private func allTexts(_ text: String) throws -> [String] {
        var cursor = try cursor(text)
        var texts: [String] = []
        while let block = cursor.next() { texts.append(block.text) }
        return texts
    }

    @Test("Blank lines outside a block are passed over, and text is the file's own")
    func blanks() throws {
        #expect(try allTexts("\n  1 \n \t\n2\r\n\n") == ["  1 ", "2"])
    }

    @Test("An incomplete block grows by a line with code at a time, with the file's terminators between")
    func grows() throws {
        var cursor = try cursor("if ($a) {\r\n\n 1\n}\r\n2\n")
        #expect(cursor.next()?.text == "if ($a) {")
        #expect(extendedText(&cursor) == "if ($a) {\r\n\n 1")
        #expect(extendedText(&cursor) == "if ($a) {\r\n\n 1\n}")
        let next = cursor.next()
        #expect(next?.text == "2")
        #expect(next?.firstLine == 5)
        #expect(cursor.next() == nil)
    }

    @Test("else, elseif and | belong to what precedes them, blank and comment lines between included")
    func looksBack() throws {
        #expect(try allTexts("if (1) { 1 }\n# c\n\n  ELSE { 2 }\n3") == ["if (1) { 1 }\n# c\n\n  ELSE { 2 }", "3"])
        #expect(
            try allTexts("if (0) { 1 }\nelseif(1) { 2 }\nelse{ 3 }\n4") == [
                "if (0) { 1 }\nelseif(1) { 2 }\nelse{ 3 }", "4",
            ]
        )
        #expect(try allTexts("1\r\n\t| % { $_ }\r\n| Out-Null\r\n") == ["1\r\n\t| % { $_ }\r\n| Out-Null"])
        #expect(try allTexts("try { 1 }\n<# a\nb #>\n\nCatch [X] { 2 }\n# c\nfinally{ 3 }\n4").count == 2)
        #expect(try allTexts("1\n|| 2\n3") == ["1\n|| 2", "3"])
    }

    @Test("Comments of both forms go with the block behind them, and those behind the last block are not sent")
    func comments() throws {
        #expect(try allTexts("1\n# a comment\n\n2") == ["1", "# a comment\n\n2"])
        #expect(try allTexts("<#\n.SYNOPSIS\n'x\n#>\n\n2\n3") == ["<#\n.SYNOPSIS\n'x\n#>\n\n2", "3"])
        #expect(try allTexts("<# a #> <# b\n#> 2\n3") == ["<# a #> <# b\n#> 2", "3"])
        #expect(try allTexts("# only\n<# comments\n\n#>\n").isEmpty)
        #expect(try allTexts("1\n# behind\n<# it #>\n") == ["1"])
        #expect(try allTexts("1\n<# open\n2\n") == ["1", "<# open\n2"])
    }

    @Test("No text ends at a blank or comment line, nor at the last line of a comment, unless the file does")
    func trialEnds() throws {
        #expect(
            try trials("f(1,\n\n# c\n <# d\n e\n #>\n2)") == ["f(1,", "f(1,\n\n# c\n <# d", "f(1,\n\n# c\n <# d\n e"]
                + ["f(1,\n\n# c\n <# d\n e\n #>\n2)"]
        )
        #expect(try trials("1 `\n\n") == ["1 `", "1 `\n"])
        #expect(try trials("'a\n# b'\n\n") == ["'a", "'a\n# b'\n"])
        #expect(try trials("{\n# end\n") == ["{"])
    }

    @Test("Attributes, using lines, named blocks and classes go with what they belong to")
    func frames() throws {
        let frame = "[CmdletBinding()]\n# c\n[OutputType([int])]\nparam()\n\nbegin { 1 }\nPROCESS\n{ 2 }\nend { 3 }\n4"
        #expect(
            try trials(frame).map { $0.split(separator: "\n").count } == [6, 8, 9],
            "the first text ends at PROCESS"
        )
        #expect(try allTexts("begin-it\n2\nprocess { 1 }") == ["begin-it", "2", "process { 1 }"])
        #expect(
            try allTexts("using namespace A\n# c\nUsing module B\n1\nusing x\nusing y")
                == ["using namespace A\n# c\nUsing module B", "1", "using x", "using y"]
        )
        #expect(try allTexts("class A {}\n\nenum B {}\n1") == ["class A {}\n\nenum B {}", "1"])
    }

    @Test("What only looks like a comment cuts nothing apart, and takes little with it")
    func hereStrings() throws {
        #expect(
            try allTexts("1\n<# in a here-string\n'@\n2\n#> \nelse") == ["1", "<# in a here-string\n'@\n2\n#> \nelse"]
        )
        #expect(try trials("$x = @'\n<# a\n'@\n2\n").last == "$x = @'\n<# a\n'@\n2")
    }

    @Test("Words that only begin like else are lines of their own")
    func otherWords() throws {
        #expect(
            try allTexts("1\nelsewhere\nelse-thing\nelse2\nElseIfNot") == [
                "1", "elsewhere", "else-thing", "else2", "ElseIfNot",
            ]
        )
    }

    @Test("A block that grows takes in what looks back to its new line")
    func growsAndLooksBack() throws {
        var cursor = try cursor("if (0) {\n 1 }\nelse { 2 }\n3")
        #expect(cursor.next()?.text == "if (0) {")
        #expect(extendedText(&cursor) == "if (0) {\n 1 }\nelse { 2 }")
        #expect(cursor.next()?.text == "3")
    }

    @Test("A block that is open at the end, or too long, says so")
    func ends() throws {
        var open = try cursor("1\n{\n2\n")
        _ = open.next()
        _ = open.next()
        _ = open.extend()
        guard case .openAtEnd(let block) = open.extend() else {
            Issue.record("the block is open at the end")
            return
        }
        #expect((block.firstLine, block.lastLine) == (2, 3))
        #expect(open.remaining.isEmpty)

        var long = try cursor("{\n1\n2\n3\n", maximumLines: 3)
        _ = long.next()
        _ = long.extend()
        _ = long.extend()
        guard case .tooLong(let block) = long.extend() else {
            Issue.record("the block is too long")
            return
        }
        #expect((block.firstLine, block.lastLine) == (1, 3))
        #expect(long.remaining.map(\.text) == ["3"])
    }

    @Test("The console's rule: a blank line ends a block, stays in its text, and nothing is read")
    func console() throws {
        var cursor = try cursor("if (1) {\n 1\n}\n\nelse {\n}\n \n@'\n\na\n'@\n\n3", rule: .console)
        #expect(cursor.next()?.text == "if (1) {")
        #expect(extendedText(&cursor) == "if (1) {\n 1\n}")
        #expect(cursor.next()?.text == "else {")
        #expect(extendedText(&cursor) == "else {\n}")
        #expect(cursor.next()?.text == "@'")
        #expect(extendedText(&cursor) == "@'\n\na\n'@")
        #expect(cursor.next()?.text == "3")
        guard case .openAtEnd(let block) = cursor.extend() else {
            Issue.record("no blank line ends it")
            return
        }
        #expect(block.text == "3")
    }

    @Test("What was not sent is told line by line")
    func remaining() throws {
        var cursor = try cursor("1\n\n2\nelse\n3")
        _ = cursor.next()
        #expect(cursor.remaining.map(\.firstLine) == [3, 4, 5])
    }

    private func extendedText(_ cursor: inout PlaybookCursor) -> String? {
        if case .longer(let block) = cursor.extend() { block.text } else { nil }
    }
}
