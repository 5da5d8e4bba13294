import ConsoleText
import Testing

@Suite("What of a text may reach a terminal")
struct TerminalTextTests {
    @Test("Only text and SGR reach a terminal")
    func terminal() {
        let text = "a\u{1B}[31mred\u{1B}[0m\tb\n\u{1B}]0;title\u{7}\u{1B}[2J\u{9B}5n\r\u{7F}é\r\n"
        #expect(
            TerminalText.presentable(text, colored: true)
                == "a\u{1B}[31mred\u{1B}[0m\tb\n^[]0;title^G^[[2J<9B>5n^M^?é\n"
        )
        #expect(TerminalText.presentable(text, colored: false) == "ared\tb\n^[]0;title^G^[[2J<9B>5n^M^?é\n")
        #expect(TerminalText.presentable("\u{1B}", colored: true) == "^[")
        #expect(TerminalText.presentable("\u{1B}[38;2;1:2;3m£", colored: true) == "\u{1B}[38;2;1:2;3m£")
    }

    @Test("Nothing turns a line's direction around, and other punctuation stays")
    func direction() {
        #expect(
            TerminalText.presentable("a\u{202E}b\u{2066}c\u{2069}\u{2028}│…–", colored: true)
                == "a<202E>b<2066>c<2069><2028>│…–"
        )
    }

    @Test("Without colours everything else stays")
    func withoutColors() {
        #expect(TerminalText.withoutColors("\u{1B}[32;1mName\u{1B}[0m\u{1B}[2J\r\n") == "Name\u{1B}[2J\r\n")
    }
}
