import ConsoleText

/// What stands for a text in comparisons: as it is, and with the host's own names taken as one and the same.
///
/// 64 bits of SipHash under a key of this process, and the length: a far side that knows neither key nor digests cannot
/// make a text that passes for another's, and among 10,000 texts two that differ have the same once in 10^11 runs.
package struct TextDigest: Sendable, Hashable {
    struct Sum: Sendable, Hashable {
        fileprivate let hash: Int
        /// In bytes, without names.
        fileprivate let length: Int
    }

    /// Of the text as it is.
    let plain: Sum
    /// Of the text without names; the same where there are none.
    let nameless: Sum

    /// Whether a name of the host stands in the text.
    package var hasNames: Bool { plain != nameless }

    /// Whether the texts are the same, or differ in nothing but their hosts' own names. A host may have a name that is a word
    /// of others' texts as well.
    package func isLike(_ other: TextDigest) -> Bool { plain == other.plain || nameless == other.nameless }

    /// - Parameters:
    ///   - text: presentable text (see `TerminalText`). Line ends at its end do not count.
    ///   - names: those of the host that it came from.
    package init(_ text: UnsafeBufferPointer<UInt8>, of names: HostNames) {
        let text = UnsafeBufferPointer(rebasing: text[..<((text.lastIndex { $0 != 0x0A } ?? -1) + 1)])
        var hasher = Hasher()
        var (length, taken, cursor) = (0, 0, 0)
        func take(_ range: Range<Int>) {
            hasher.combine(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[range])))
            length += range.count
        }
        while let place = names.candidate(in: text, from: cursor) {
            cursor = place + 1
            guard Self.begins(at: place, behind: taken, in: text), let count = names.length(at: place, in: text) else {
                continue
            }
            take(taken..<place)
            withUnsafeBytes(of: Self.name) { hasher.combine(bytes: $0) }
            cursor = place + count
            taken = cursor
        }
        let hasNames = taken > 0
        take(taken..<text.count)
        nameless = Sum(hash: hasher.finalize(), length: length)
        plain = hasNames ? Self.sum(text) : nameless
    }

    private static func sum(_ text: UnsafeBufferPointer<UInt8>) -> Sum {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(text))
        return Sum(hash: hasher.finalize(), length: text.count)
    }

    /// Whether a word may begin here.
    /// - Parameter last: where the name before ended.
    private static func begins(at start: Int, behind last: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard start > last, HostNames.isWord(text[start - 1]) else { return true }
        // A colour ends with a letter that is not shown.
        guard text[start - 1] == 0x6D else { return false }
        let before = UnsafeBufferPointer(rebasing: text[..<start])
        guard let escape = before.suffix(Self.longestStyle).lastIndex(of: ControlSequence.escape) else {
            return false
        }
        return ControlSequence.styleParameters(in: before, at: escape)?.upperBound == start - 1
    }

    /// A longer colour parts nothing.
    private static let longestStyle = 64

    /// A byte that UTF-8 does not have, in the place of a name.
    private static let name: UInt8 = 0xFF
}
