import CPCRE2
import Glibc

/// Finds the first of some byte strings, far faster than a pattern is matched; on one thread at a time.
package final class LiteralFinder {
    private enum Way {
        /// The literal, and the place of the byte in it that is seldom met.
        case bytes([UInt8], rarest: Int)
        case pattern(PatternMatcher)
    }

    private let way: Way

    /// - Parameters:
    ///   - literals: at least one, none of them empty.
    ///   - ignoreCase: ASCII letters match in either case.
    package init(_ literals: [[UInt8]], ignoreCase: Bool = false) {
        if literals.count == 1, !ignoreCase || !literals[0].contains(where: Self.isLetter) {
            way = .bytes(literals[0], rarest: Self.rarest(in: literals[0]))
        } else {
            let alternatives = literals.map { literal in literal.map(Self.escaped).joined() }
            way = .pattern(PatternMatcher(Pattern(bytes: alternatives.joined(separator: "|"), ignoreCase: ignoreCase)))
        }
    }

    /// Where the first one begins, at `start` or behind it; nil where there is none.
    package func first(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < text.count, let base = text.baseAddress else { return nil }
        switch way {
        case .bytes(let literal, let rarest):
            var position = start + rarest
            let last = text.count - literal.count + rarest
            while position <= last, let found = memchr(base + position, Int32(literal[rarest]), last - position + 1) {
                let candidate = UnsafeRawPointer(found) - rarest
                if memcmp(candidate, literal, literal.count) == 0 { return candidate - base }
                position = UnsafeRawPointer(found) - base + 1
            }
            return nil
        case .pattern(let matcher):
            // A list of literals needs no more steps than any limit grants.
            return (try? matcher.firstMatch(in: text, from: start))?.lowerBound
        }
    }

    /// What text of consoles and the JSON around it are made of, the most frequent first.
    private static let frequent = Array(#" e"tar0o,in1s2ld354h6c789mupfg.byw-v:/k_[]oxSCPTAEIRNDLMjzq=\"#.utf8)

    /// The place of the byte that comes last in `frequent`, or not at all.
    private static func rarest(in literal: [UInt8]) -> Int {
        let ranks = literal.map { frequent.firstIndex(of: $0) ?? frequent.count }
        return ranks.indices.max { ranks[$0] < ranks[$1] } ?? 0
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20)
    }

    private static func escaped(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
    }
}
