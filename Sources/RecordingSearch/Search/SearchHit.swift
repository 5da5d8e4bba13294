/// A line in which the pattern was found.
package struct SearchHit: Sendable, Hashable {
    /// The run's folder's name, and the target as it was named.
    package var run: String
    package var target: String
    /// The target's number in the run, from 1.
    package var entry: Int
    package var stream: SearchStream
    /// Nanoseconds since the entry's beginning: when the first match was all there.
    package var time: UInt64
    /// Seconds since 1970, UTC: when the entry began.
    package var startedSeconds: Int64
    /// The step that was under way, as its marker names it: `line 3`; nil before the first.
    package var step: String?
    /// The text that was sent for it.
    package var stepText: String?
    /// The line; of one that is very long, what is around the first match.
    package var text: String
    /// The matches in the line's text, in bytes of its UTF-8.
    package var matches: [Range<Int>]
    /// Whether the entry's bytes are not those that were sealed: what it says is not to be trusted.
    package var isDamaged = false
}
