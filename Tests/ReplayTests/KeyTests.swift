import Replay
import Testing

@Suite struct KeyTests {
    private static let typed: [(String, [Key])] = [
        ("q /é", [.character("q"), .character(" "), .character("/"), .character("é")]),
        ("\u{1B}[A\u{1B}OB\u{1B}[C\u{1B}[1;5D", [.up, .down, .right, .left]),
        ("\u{1B}[H\u{1B}[4~\u{1B}[5~\u{1B}[6~\u{1B}[Z\t", [.home, .end, .pageUp, .pageDown, .backTab, .tab]),
        ("\r\u{7F}\u{3}\u{1A}", [.enter, .backspace, .control("c"), .control("z")]),
        // Sequences that mean nothing here are passed over whole; an escape before a character is a key.
        ("\u{1B}[200~x\u{1B}[15~y\u{1B}z", [.character("x"), .character("y"), .escape, .character("z")]),
        // One that is cut short by the next is not a reason to lose that.
        ("\u{1B}[\u{1B}[A\u{1B}[1;\u{1B}OB", [.up, .down]),
    ]

    @Test("Keys are read as terminals send them", arguments: typed)
    func keysAreWhatTerminalsSend(bytes: String, keys: [Key]) {
        var whole = KeyDecoder()
        #expect(whole.receive(Array(bytes.utf8)) == keys)
        var dripped = KeyDecoder()
        #expect(bytes.utf8.flatMap { dripped.receive([$0]) } == keys)
        #expect(!dripped.isUndecided)
    }

    @Test("An escape alone is a key once nothing follows")
    func anEscapeAloneIsAKeyOnceNothingFollows() {
        var decoder = KeyDecoder()
        #expect(decoder.receive([0x1B]).isEmpty)
        #expect(decoder.isUndecided)
        #expect(decoder.flush() == [.escape])
        #expect(decoder.receive([0xFF, 0x71]) == [.character("q")])
    }

    @Test(
        "Places are read as people write them",
        arguments: [
            ("12", SeekTarget.step(12)), ("1m20s", .time(80_000_000_000)), ("90s", .time(90_000_000_000)),
            ("1500ms", .time(1_500_000_000)), ("1h", .time(3_600_000_000_000)), ("1:20", .time(80_000_000_000)),
            ("1:02:03.5", .time(3_723_500_000_000)), ("0.5s", .time(500_000_000)),
        ]
    )
    func placesAreReadAsPeopleWriteThem(text: String, target: SeekTarget) {
        #expect(SeekTarget(text) == target)
    }

    @Test(
        "What is not a place is refused",
        arguments: [
            "", "-1", "x", "1x", "s", "1:", ":1", "1:2:3:4", "1m2", "9999999999999h", "1:-2", "1:nan", "infs",
        ]
    )
    func whatIsNoPlaceIsRefused(text: String) {
        #expect(SeekTarget(text) == nil)
    }
}
