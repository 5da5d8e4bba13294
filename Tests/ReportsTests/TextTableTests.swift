import Testing

@testable import Reports

@Suite("Tables")
struct TextTableTests {
    @Test("Columns are as wide as a terminal shows them")
    func wideCharacters() {
        var table = TextTable(rightAligned: [1])
        table.add(["TARGET", "BYTES", "END"])
        table.add(["\u{65E5}\u{672C}", "1", "ok"])
        table.add(["cafe\u{301}", "20", "ok"])
        #expect(
            table.lines == [
                "TARGET  BYTES  END", "\u{65E5}\u{672C}        1  ok", "cafe\u{301}       20  ok",
            ]
        )
    }
}
