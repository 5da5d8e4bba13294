/// One target's output among others' as it comes: whole lines, which have the target's name before them.
struct PrefixedLines: Sendable {
    /// A line that is longer is written in parts.
    private static let longest = 64 << 10

    private var rest = ""

    /// Takes what came.
    /// - Returns: the lines that are whole now, each with its line end.
    mutating func take(_ text: String) -> [String] {
        rest += text
        guard let end = rest.utf8.lastIndex(of: UInt8(ascii: "\n")) else {
            return rest.utf8.count > Self.longest ? finish() : []
        }
        let lines = rest.utf8[...end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        let told = lines.map { String(Substring($0)) + "\n" }
        rest = String(rest[rest.utf8.index(after: end)...])
        return told
    }

    /// What is left, as a line.
    mutating func finish() -> [String] {
        defer { rest = "" }
        return rest.isEmpty ? [] : [rest + "\n"]
    }
}
