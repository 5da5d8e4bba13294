import ConsoleText
import Testing

@Suite struct CarriedStyleTests {
    @Test("Each piece goes on in the style it left, and leaves none behind")
    func noPieceLeavesAStyleAndEachGoesOnInItsOwn() {
        var style = CarriedStyle()
        #expect(style.enclosed("plain") == "plain")
        #expect(style.enclosed("\u{1B}[8;31mhid") == "\u{1B}[8;31mhid\u{1B}[0m")
        #expect(style.enclosed("den\n") == "\u{1B}[0;8;31mden\n\u{1B}[0m")
        #expect(style.enclosed("") == "")
        #expect(style.enclosed("on\u{1B}[28m ") == "\u{1B}[0;8;31mon\u{1B}[28m \u{1B}[0m")
        #expect(style.enclosed("end\u{1B}[0m") == "\u{1B}[0;31mend\u{1B}[0m")
        #expect(style.enclosed("plain") == "plain")
    }
}
