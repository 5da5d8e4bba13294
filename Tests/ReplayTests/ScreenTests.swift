import PSRunTestSupport
import Testing

@testable import Replay

@Suite struct ScreenTests {
    @Test("Short text begins at the top and long text ends at the bottom")
    func shortTextBeginsAtTheTopAndLongTextEndsAtTheBottom() {
        let timeline = Timeline(pieces: ["one\r\ntwo\r\n", "three"])
        #expect(timeline.rows(columns: 10, rows: 5) == ["one", "two", "three"])
        #expect(timeline.rows(shown: 1, columns: 10, rows: 5) == ["one", "two", ""])
        #expect(timeline.rows(shown: 0, columns: 10, rows: 5) == [""])
        #expect(timeline.rows(columns: 10, rows: 2) == ["two", "three"])
        let screen = timeline.screen(end: timeline.end(2), columns: 10, rows: 2)
        #expect((screen.cursorRow, screen.cursorColumn) == (1, 5))
    }

    @Test("Lines break where the terminal ends")
    func linesBreakWhereTheTerminalEnds() {
        let timeline = Timeline(pieces: ["abcdefgh\r\nabcdefghi\r\n"])
        #expect(timeline.rows(columns: 4, rows: 9) == ["abcd", "efgh", "abcd", "efgh", "i", ""])
        #expect(timeline.rows(columns: 8, rows: 9) == ["abcdefgh", "abcdefgh", "i", ""])
        #expect(timeline.rows(columns: 1, rows: 2) == ["i", ""])
    }

    @Test("Wide characters, marks and tabs take their cells")
    func wideCharactersMarksAndTabsTakeTheirCells() {
        #expect(Timeline(pieces: ["日本語"]).rows(columns: 5, rows: 9) == ["日本", "語"])
        #expect(Timeline(pieces: ["e\u{301}a\u{308}x"]).rows(columns: 2, rows: 9) == ["e\u{301}a\u{308}", "x"])
        #expect(Timeline(pieces: ["a\tb\tc"]).rows(columns: 20, rows: 9) == ["a       b       c"])
        // The last cell is as far as a tab goes, and from a full row it goes nowhere.
        #expect(Timeline(pieces: ["abcdef\tg\th"]).rows(columns: 8, rows: 9) == ["abcdef g", "h"])
        #expect(Timeline(pieces: ["1234567890123\tab"]).rows(columns: 12, rows: 9) == ["123456789012", "3       ab"])
    }

    @Test("What is neither text nor colour is spelt out")
    func whatIsNeitherTextNorColourIsSpeltOut() {
        let timeline = Timeline(pieces: ["\u{1B}]0;t\u{7}\u{1B}[2Ja\rb\r\n"])
        #expect(timeline.rows(columns: 80, rows: 9) == ["^[]0;t^G^[[2Ja^Mb", ""])
    }

    @Test("Style is carried over lines, pieces and rows")
    func styleIsCarriedOverLinesPiecesAndRows() {
        let timeline = Timeline(pieces: ["\u{1B}[31mred\r\n", "still\u{1B}[1m bold\r\nboth"])
        let screen = timeline.screen(end: timeline.end(2), columns: 6, rows: 3)
        let red = "\u{1B}[0;31m"
        let both = "\u{1B}[0;1;31m"
        #expect(
            screen.rows.map { String(decoding: $0, as: UTF8.self) } == [
                "\(red)still\(both) ", "\(both)bold", "\(both)both",
            ]
        )
        let plain = Timeline(pieces: ["\u{1B}[31mred\r\n"], colored: false)
        #expect(plain.screen(end: plain.end(1), columns: 6, rows: 3).rows == [Array("red".utf8), []])
    }

    @Test(
        "Control sequences mean what terminals take them for",
        arguments: [
            ("1;3;4;9", "0;1;3;9;4"), ("4:3;53", "0;4:3;53"), ("38;5;200;48;2;1;2;3", "0;38;5;200;48;2;1;2;3"),
            ("38:2::10:20:30", "0;38;2;10;20;30"), ("38:5:9;58:5:3", "0;38;5;9;58;5;3"), ("97;104", "0;97;104"),
            ("1;2;22;7", "0;7"), ("31;0", ""), ("31;", ""), ("38;7;1", "0;1"), ("21", "0;4:2"), ("99999", ""),
            ("38;2;1", ""), ("48;5", ""), ("38;5;300;1", "0;1"), ("38:5:256;1", "0;1"),
        ]
    )
    func sequencesMeanWhatTerminalsTakeThemFor(given: String, kept: String) {
        let timeline = Timeline(pieces: ["\u{1B}[\(given)mx"])
        let row = timeline.screen(end: timeline.end(1), columns: 6, rows: 3).rows[0]
        #expect(String(decoding: row, as: UTF8.self) == (kept.isEmpty ? "x" : "\u{1B}[\(kept)mx"))
    }

    /// The screen after any of many pieces, at any size, is what laying out all of the text from its beginning gives.
    @Test("Every screen is the end of the whole text")
    func everyScreenIsTheEndOfTheWholeText() {
        var random = SplitMix64(seed: 0x5EED)
        let parts = [
            "a", "word ", "日本", "e\u{301}", "\t", "\r\n", "\r\n", "\u{1B}[31m", "\u{1B}[0m", "\u{1B}[1;44m",
            "long text ",
        ]
        var timeline = Timeline(colored: true)
        for second in 0..<600 {
            timeline.append((0..<8).map { _ in parts.randomElement(using: &random) ?? "" }.joined(), second: second)
        }
        for _ in 0..<300 {
            let shown = Int.random(in: 0...timeline.count, using: &random)
            let columns = Int.random(in: 2...60, using: &random)
            let rows = Int.random(in: 1...30, using: &random)
            let end = timeline.end(shown)
            let all = timeline.screen(end: end, columns: columns, rows: .max)
            let seen = timeline.screen(end: end, columns: columns, rows: rows)
            #expect(seen.rows == Array(all.rows.suffix(rows)))
            #expect(seen.cursorColumn == all.cursorColumn)
        }
    }

    /// Counts characters looked at, not time: what a screen costs depends on its size alone.
    @Test("A screen costs the same in a session of any length")
    func aScreenCostsTheSameInASessionOfAnyLength() {
        func most(lines: Int) -> Int {
            var timeline = Timeline(colored: true)
            let line =
                "\u{1B}[32m2026-11-22T02:00:00 \u{1B}[0ma line of some service with \u{1B}[1ma word\u{1B}[0m in bold\r\n"
            for second in 0..<lines { timeline.append(line, second: second) }
            return stride(from: 1, through: lines, by: lines / 97).map { shown in
                timeline.screen(end: timeline.end(shown), columns: 80, rows: 50).work
            }.max() ?? 0
        }
        #expect(most(lines: 100_000) <= most(lines: 1_000))
        #expect(most(lines: 1_000) < 20_000)
    }

    @Test("A line without end costs no more than a long one")
    func aLineWithoutEndCostsNoMoreThanALongOne() {
        var timeline = Timeline(colored: true)
        for second in 0..<400 { timeline.append(String(repeating: "x", count: 10_000), second: second) }
        let screen = timeline.screen(end: timeline.end(400), columns: 100, rows: 50)
        #expect(screen.work < 5 * Timeline.longestLine)
        #expect(screen.rows.count == 50)
        #expect(
            screen.rows.dropFirst().dropLast().allSatisfy { $0.count == 100 || $0.count == Timeline.longestLine % 100 }
        )
    }

    /// A line that one event brings whole, and what takes no cells: none of it has to be laid out again for each screen.
    @Test(
        "What a long line is made of does not change its cost",
        arguments: ["x", "\u{1B}[1m", "a\u{301}", "\u{301}", "\t"]
    )
    func whatALongLineIsMadeOfDoesNotMatter(part: String) {
        let line = String(repeating: part, count: (1 << 20) / part.utf8.count)
        for ending in ["\r\nend", ""] {
            var timeline = Timeline(colored: true)
            timeline.append("first" + line + ending, second: 0)
            let screen = timeline.screen(end: timeline.end(1), columns: 100, rows: 2)
            #expect(screen.work < 8 * Timeline.longestLine)
        }
    }

    @Test("A cell is painted with so many marks and no more")
    func aCellIsPaintedWithSoManyMarksAndNoMore() {
        var timeline = Timeline(colored: true)
        timeline.append("a" + String(repeating: "\u{301}", count: 10_000) + "e\u{302}\u{301}", second: 0)
        let rows = timeline.screen(end: timeline.end(1), columns: 10, rows: 5).text
        #expect(rows == ["a" + String(repeating: "\u{301}", count: 30) + "e\u{302}\u{301}"])
    }

    @Test("Marks without a character to join do not end a line")
    func marksWithoutACharacterToJoinDoNotEndALine() {
        var timeline = Timeline(colored: true)
        timeline.append(String(repeating: "\u{301}", count: 100_000), second: 0)
        timeline.append("x", second: 1)
        #expect(timeline.screen(end: timeline.end(2), columns: 10, rows: 5).text == ["x"])
    }
}
