import Testing

@testable import Redaction

@Suite("Text as patterns look at it")
struct VisibleTextTests {
    private static let samples: [(text: String, visible: String)] = [
        ("a\u{1B}[1;31mb\u{1B}]0;title\u{1B}\\c\u{1B}(Bd\r\n", "abcd\n"),
        ("a\u{1B}\u{1B}[31mb", "a\u{1B}b"),
        ("a\u{1B}[3\u{1B}[31mb", "a\u{1B}[3b"),
        ("a\u{1B}[3\rb", "a\u{1B}[3b"),
        ("a\u{1B}[0;1;3;4;38;2;255;255;255;48;2;255;255;255;58;2;255;255;255;58;2;255;255;255mb", "ab"),
        ("a\u{1B}]never ended", "a\u{1B}]never ended"),
    ]

    @Test("Cut in two anywhere, it is the same, and each byte comes from its place", arguments: samples)
    func everySplit(text: String, visible: String) {
        let bytes = Array(text.utf8)
        for place in 0...bytes.count {
            var view = VisibleText(from: 100)
            view.append(Array(bytes[..<place]))
            view.append(Array(bytes[place...]))
            view.end()
            #expect(String(decoding: view.bytes, as: UTF8.self) == visible, "cut at \(place)")
            for offset in view.bytes.indices {
                let origin = view.origin(of: offset) - 100
                #expect(bytes[origin] == view.bytes[offset], "cut at \(place), offset \(offset)")
            }
        }
    }

    @Test("A string without an end holds back no more than its bound")
    func bounded() {
        var view = VisibleText(from: 0)
        view.append([0x1B, 0x5D] + Array(repeating: 0x78, count: 509))
        #expect(view.bytes.isEmpty)
        view.append([0x78])
        #expect(view.bytes.count == 512)
    }

    @Test("A secret is found behind a long sequence that is cut short by the next")
    func behindBrokenSequence() {
        var redactor = Redactor { "[redacted:\($0.count)]" }
        redactor.hold("correct-horse")
        let broken = "\u{1B}[" + String(repeating: "1;", count: 40)
        let redacted = redactor.redacted("\(broken)\u{1B}[31mcorrect\u{1B}[0m-horse")
        #expect(redacted.contains("[redacted:13]") && !redacted.contains("horse"))
    }
}
