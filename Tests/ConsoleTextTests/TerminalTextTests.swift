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

    @Test("An SGR sequence of a hostile length is shown, and not handed on")
    func longSequence() {
        let digits = String(repeating: "1", count: 600)
        #expect(TerminalText.presentable("\u{1B}[\(digits)mx", colored: true) == "^[[\(digits)mx")
        #expect(TerminalText.withoutColors("\u{1B}[\(digits)mx") == "\u{1B}[\(digits)mx")
    }

    @Test("Each of two pieces is presentable wherever the text is cut, and shows no less than the whole")
    func everySplit() {
        let text = Array("a\u{1B}[1;31mred\u{1B}[0m\tb\u{1B}]0;t\u{7}c\u{1B}(Bd".utf8)
        for place in 0...text.count {
            let pieces = [text[..<place], text[place...]].map { String(decoding: $0, as: UTF8.self) }
            let shown = pieces.map { TerminalText.presentable($0, colored: true) }
            for piece in shown {
                // What is left of sequences is colours, each of them whole.
                #expect(!TerminalText.withoutColors(piece).utf8.contains { $0 == 0x1B || $0 == 0x07 })
            }
            #expect(shown.joined().contains("red") || pieces.contains { $0.hasSuffix("r") || $0.hasSuffix("re") })
        }
    }

    @Test("Without colours everything else stays")
    func withoutColors() {
        #expect(TerminalText.withoutColors("\u{1B}[32;1mName\u{1B}[0m\u{1B}[2J\r\n") == "Name\u{1B}[2J\r\n")
    }

    @Test("Letters that no terminal shows hide no text")
    func tags() {
        for colored in [true, false] {
            #expect(
                TerminalText.presentable("ok\u{E0020}\u{E0066}\u{E007F}.", colored: colored)
                    == "ok<E0020><E0066><E007F>."
            )
            for text in ["\u{E0100}", "\u{F0000}", "\u{DFFFF}", "👩\u{200D}💻"] {
                #expect(TerminalText.presentable(text, colored: colored) == text)
            }
        }
    }

    @Test("No mark has a say in a line's direction, each shown by its number, and letters of such scripts stay")
    func marks() {
        let marks = [
            "\u{200E}", "\u{200F}", "\u{61C}", "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{206A}", "\u{206F}",
        ]
        for colored in [true, false] {
            #expect(
                marks.map { TerminalText.presentable("a\($0)b", colored: colored) } == [
                    "a<200E>b", "a<200F>b", "a<61C>b", "a<202A>b", "a<202E>b", "a<2066>b", "a<2069>b", "a<206A>b",
                    "a<206F>b",
                ]
            )
            for text in ["ؘ؛؟غنشعر", "👩\u{200D}💻", "a\u{2010}b"] {
                #expect(TerminalText.presentable(text, colored: colored) == text)
            }
        }
    }

    @Test(
        "Nothing conceals text, and the other attributes of a sequence stay",
        arguments: [
            ("8", ""), ("08", ""), ("8;8", ""), ("1;8;31", "1;31"), ("0;8", "0"), ("38;5;8", "38;5;8"),
            ("38;2;8;8;8;8", "38;2;8;8;8"), ("48;5;8;8", "48;5;8"), ("38:5:8", "38:5:8"),
            ("58;2;1;2;3;8;4:3", "58;2;1;2;3;4:3"),
            ("28", "28"), ("88", "88"), ("8:1", ""), (";8", ""),
        ]
    )
    func conceal(parameters: String, rest: String) {
        let shown = TerminalText.presentable("a\u{1B}[\(parameters)mb", colored: true)
        let kept = parameters == ";8" ? "\u{1B}[m" : rest.isEmpty ? "" : "\u{1B}[\(rest)m"
        #expect(shown == "a\(kept)b")
    }
}
