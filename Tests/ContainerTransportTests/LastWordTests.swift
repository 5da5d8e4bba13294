import Testing

@testable import ContainerTransport

struct LastWordTests {
    private func read(_ text: String, step: Int) -> (rest: String, status: Int32?) {
        var word = LastWord(token: "t0k")
        let bytes = Array(text.utf8)
        var rest: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            rest += word.take(Array(bytes[start..<min(start + step, bytes.count)]))
        }
        return (String(decoding: rest + word.finish(), as: UTF8.self), word.status)
    }

    @Test("The last word is found wherever it is cut, and nobody else sees it", arguments: [1, 2, 5, 1_000])
    func found(step: Int) {
        #expect(read("err\nt0k end 9\n", step: step) == ("err\n", 9))
        #expect(read("no line's end t0k end 0\n", step: step) == ("no line's end ", 0))
        #expect(read("t0t0k end 137\n", step: step) == ("t0", 137))
    }

    @Test("What only looks like it is the rest, and says nothing", arguments: [1, 3, 1_000])
    func others(step: Int) {
        for text in ["t0k en", "t0k end ", "t0k end 9", "t0k end x\n", "t0k end 1234567890\n", "tt0\n", ""] {
            let (rest, status) = read(text, step: step)
            #expect(rest == text && status == nil, "\(text)")
        }
    }
}
