import Patterns

/// What is shown of a line with matches: all of it, or of a very long one what is around the first match.
struct HitText {
    private static let longestWhole = 4_096
    private static let before = 512

    var text: String
    /// In bytes of the text's UTF-8.
    var matches: [Range<Int>]

    /// Looks for no more matches than are shown: a line may have millions.
    /// - Parameter first: the first match.
    init(_ line: [UInt8], first: Range<Int>, by matcher: PatternMatcher) throws(PatternError) {
        guard line.count > Self.longestWhole else {
            text = String(decoding: line, as: UTF8.self)
            matches = try matcher.matches(in: line, from: first.lowerBound)
            return
        }
        let start = Self.boundary(line, max(0, first.lowerBound - Self.before))
        let end = Self.boundary(line, min(line.count, start + Self.longestWhole))
        text = String(decoding: line[start..<end], as: UTF8.self)
        matches = try matcher.matches(in: line, from: first.lowerBound, before: end).map {
            ($0.lowerBound - start)..<(min($0.upperBound, end) - start)
        }
    }

    /// The nearest character's beginning at `offset` or before it.
    private static func boundary(_ line: [UInt8], _ offset: Int) -> Int {
        var offset = offset
        while offset > 0, offset < line.count, line[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }
}
