/// What `sh -n` thinks of a text.
package enum SyntaxVerdict: Sendable, Hashable {
    case complete
    /// More lines may make it whole. The shell's message, or one for the case in which shells say nothing.
    case incomplete(message: String)
    /// No further line can cure it.
    /// - line: which line of the text is refused, from 1.
    case invalid(message: String, line: Int)
}
