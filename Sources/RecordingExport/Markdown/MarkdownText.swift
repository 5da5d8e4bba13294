/// Text that Markdown (CommonMark, and GitHub's tables) takes for nothing but text.
enum MarkdownText {
    /// A code span, on one line: nothing in it is markup, and its fence is longer than any run of backticks within.
    static func code(_ text: String, inTable: Bool = false) -> String {
        var line = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: " ")
        // A table's cells are cut apart before code spans are seen, also where a combining mark follows the bar.
        if inTable { line = String(decoding: line.utf8.flatMap { $0 == 0x7C ? [0x5C, $0] : [$0] }, as: UTF8.self) }
        let fence = String(repeating: "`", count: longestRun(of: "`", in: line) + 1)
        // One blank at either end is taken away again, unless there is nothing but blanks.
        let edges = [line.utf8.first, line.utf8.last]
        let padding = edges.contains { $0 == 0x60 || $0 == 0x20 || $0 == nil } ? " " : ""
        return "\(fence)\(padding)\(line)\(padding)\(fence)"
    }

    /// Words as they are; a code span where there is more in them than letters, digits and blanks.
    static func words(_ text: String) -> String {
        let arePlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x20, 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }
        return arePlain ? text : code(text)
    }

    /// A fenced code block, its fence longer than any run of backticks within.
    static func block(_ text: String, language: String) -> String {
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
        let end = text.isEmpty || text.utf8.last == 0x0A ? "" : "\n"
        return "\(fence)\(language)\n\(text)\(end)\(fence)\n"
    }

    private static func longestRun(of character: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var current = 0
        for scalar in text.unicodeScalars {
            current = scalar == character ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}
