import Testing

@testable import ShellDriver

@Suite("Marks are found in a stream")
struct MarkScannerTests {
    private static let nonce = "0123456789abcdef0123456789abcdef"

    private static func mark(_ content: String) -> String { "<\(nonce):\(content):\(nonce)>" }

    /// What a stream brings, cut into pieces of a size.
    private func scan(_ text: String, by size: Int) -> [MarkScanner.Item] {
        var scanner = MarkScanner(nonce: Self.nonce)
        let bytes = Array(text.utf8)
        var items: [MarkScanner.Item] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            items += scanner.take(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        let rest = scanner.finish()
        return joined(rest.isEmpty ? items : items + [.text(rest)])
    }

    private func joined(_ items: [MarkScanner.Item]) -> [MarkScanner.Item] {
        items.reduce(into: []) { joined, item in
            if case .text(let bytes) = item, case .text(let before)? = joined.last {
                joined[joined.count - 1] = .text(before + bytes)
            } else {
                joined.append(item)
            }
        }
    }

    @Test("Wherever the reads were cut", arguments: [1, 2, 3, 7, 16, 1000])
    func cuts(_ size: Int) {
        let text =
            "a<b" + Self.mark("m:0:4:4:himBHs:/usr/a:b") + "\nmore" + Self.mark("p:2:5") + "<" + Self.mark("b:6")
            + "\nwords\n" + Self.mark("c:1:6") + "\n" + "<" + Self.nonce
        let expected: [MarkScanner.Item] = [
            .text(Array("a<b".utf8)),
            .mark(.free(status: 0, number: 4, begun: 4, flags: "himBHs", folder: "/usr/a:b")),
            .text(Array("more".utf8)),
            .mark(.unwound(status: 2, number: 5)),
            .text(Array("<".utf8)),
            .mark(.look(6)),
            .text(Array("words\n".utf8)),
            .mark(.looked(status: 1, number: 6)),
            .text(Array(("<" + Self.nonce).utf8)),
        ]
        #expect(scan(text, by: size) == expected)
    }

    @Test("What is typed, and what only looks like a mark, is text")
    func forgeries() {
        let typed = #"\command echo "<"0123456789abcdef0123456789abcdef":m:$_psrun_r:4:0::" >&8"#
        let strange = Self.mark("m:$?:4:4::") + "\n" + Self.mark("z") + "\n"
        let long = "<\(Self.nonce):m:" + String(repeating: "x", count: 70 << 10)
        for text in [typed, strange, long, "<<<<", "<\(Self.nonce.dropLast())0:m:0:1:1:::"] {
            #expect(scan(text, by: 4096) == [.text(Array(text.utf8))])
        }
    }

    @Test("A flood of whole beginnings is looked through once", .timeLimit(.minutes(1)))
    func wholeBeginnings() {
        let text = String(repeating: "<\(Self.nonce):", count: 30_000)
        #expect(scan(text, by: 8192) == [.text(Array(text.utf8))])
        let endless = "<\(Self.nonce):m:" + String(repeating: ":", count: 60 << 10)
        #expect(scan(endless, by: 1) == [.text(Array(endless.utf8))])
    }

    @Test("A flood of beginnings is not held")
    func floods() {
        var scanner = MarkScanner(nonce: Self.nonce)
        var count = 0
        for _ in 0..<1000 {
            for case .text(let bytes) in scanner.take(Array("<0123".utf8)) { count += bytes.count }
        }
        #expect(count + scanner.finish().count == 5000)
    }
}
