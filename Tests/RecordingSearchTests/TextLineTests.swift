import Testing

@testable import RecordingSearch

@Suite("Lines without control sequences")
struct TextLineTests {
    @Test(
        "Whatever two pieces a line came in, its text is the same, and each part begins where its first byte is shown"
    )
    func everySplit() throws {
        let stretches = [
            ("ab", true), ("\u{1B}[1;31m", false), ("cd", true), ("\u{1B}(B", false), ("\u{1B}[m", false), ("ef", true),
            ("\u{1B}]0;t\u{7}g\u{1B}[3", true),
        ]
        let text = stretches.flatMap { $0.0.utf8 }
        let isShown = stretches.flatMap { stretch in stretch.0.utf8.map { _ in stretch.1 } }
        let shown = text.indices.filter { isShown[$0] }.map { text[$0] }
        for place in 1..<text.count {
            var console = ConsoleLines()
            var lines: [TextLine] = []
            console.receive(Array(text[..<place]), time: 1, step: nil) { lines.append($0) }
            console.receive(Array(text[place...]), time: 2, step: nil) { lines.append($0) }
            console.finish { lines.append($0) }
            let line = try #require(lines.first)
            #expect(lines.count == 1)
            #expect(line.text == shown, "cut at \(place)")
            #expect(line.parts.map(\.start) == [0, isShown[..<place].count { $0 }], "cut at \(place)")
        }
    }

    @Test("Millions of strings for a terminal that never end are looked at once")
    func unendedStrings() {
        var line = TextLine(text: Array(repeating: [0x1B, 0x5D], count: 1 << 20).flatMap(\.self), time: 0, step: nil)
        let text = line.text
        line.removeControlSequences()
        #expect(line.text == text)
    }
}
