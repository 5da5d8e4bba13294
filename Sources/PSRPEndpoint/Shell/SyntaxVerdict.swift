/// What `sh -n` thinks of a text.
package enum SyntaxVerdict: Sendable, Hashable {
    case complete
    /// More lines may make it whole. The shell's message, or one for the case in which shells say nothing.
    case incomplete(message: String)
    /// No further line can cure it.
    case invalid(message: String)

    /// Whether a text that passes must be looked at once more, with `probe`: shells take an open here-document, or a
    /// backslash at the end, for whole when the input ends there.
    package static func needsProbe(_ text: String) -> Bool {
        text.utf8.last == UInt8(ascii: "\\") || text.utf8.firstRange(of: "<<".utf8) != nil
    }

    /// A text that passes only where the one before it goes on: anywhere else, `;` on a line of its own is an error.
    package static func probe(_ text: String) -> String { text + "\n;\n" }

    /// - Parameters:
    ///   - passed: whether the shell found no error.
    ///   - errorOutput: what it wrote to stderr, in the C locale.
    ///   - probePassed: whether `probe` passed; nil where it was not needed.
    package init(passed: Bool, errorOutput: String, probePassed: Bool?) {
        guard !passed else {
            self = probePassed == true ? .incomplete(message: "The here-document or line is not ended.") : .complete
            return
        }
        let message = errorOutput.split(separator: "\n").first.map(String.init) ?? "Syntax error"
        self = Self.isCurable(message) ? .incomplete(message: message) : .invalid(message: message)
    }

    /// dash, bash, busybox's ash, mksh, ksh93: each its own words.
    private static let openEnds = [
        "end of file unexpected", "unexpected end of file", "unexpected eof", "unterminated quoted string",
        "eof in backquote", "delimited by end-of-file", "missing '}'", "missing '))'", "no closing quote", "unmatched",
    ]

    private static func isCurable(_ message: String) -> Bool {
        let message = message.lowercased()
        guard !message.contains("unexpected token") else { return false }
        return openEnds.contains { message.contains($0) }
    }
}
