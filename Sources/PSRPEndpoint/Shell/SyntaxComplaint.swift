/// What a shell that refuses a text says of it on its stderr, in the C locale.
///
/// Each shell has its own words. Those below were written by dash 0.5.12, bash 5.2.15, busybox 1.35.0, ksh93u+m 1.0.4,
/// mksh 59c and yash 2.52 (SyntaxWordsTests).
struct SyntaxComplaint: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// The text ends too early.
        case open
        /// Something in it is wrong.
        case wrong
        /// The same words serve for both: they stay when `trial` follows the text where something in it is wrong.
        case undecided(trial: String)
    }

    let kind: Kind
    /// The line that says so.
    let message: String
    /// Whether it names a line of the text; busybox and yash never do.
    let namesLine: Bool

    init(_ errorOutput: String) {
        let said = errorOutput.split(separator: "\n").map(String.init)
        let complaints = said.filter { !$0.holds("warning:") }
        let telling = complaints.first { Self.kind(of: $0) != .wrong || Self.isTelling($0) }
        message = telling ?? complaints.first ?? said.first ?? "Syntax error"
        kind = Self.kind(of: message)
        namesLine = Self.namesLine(message)
    }

    /// Whether another text got the same complaint, the line that it names aside: ksh93 counts empty lines behind it.
    func isSame(as other: SyntaxComplaint) -> Bool {
        message.filter { !$0.isNumber } == other.message.filter { !$0.isNumber }
    }

    private static let openEnds = [
        "end of file unexpected", "end of file' unexpected", "unexpected end of file", "unexpected eof",
        "unexpected token `eof'", "unterminated quoted string", "eof in backquote", "delimited by end-of-file",
        "missing '}'", "missing '))'", "no closing quote", "unmatched", "unclosed", "is not closed",
        "at the end of input", "here-document content for",
    ]

    private static func isTelling(_ line: String) -> Bool {
        let line = line.lowercased()
        return ["syntax error", "parse error", "unexpected"].contains { line.holds($0) }
    }

    private static func kind(of line: String) -> Kind {
        let line = line.lowercased()
        if openEnds.contains(where: { line.holds($0) }) { return .open }
        if line.holds("a function body must be") { return .undecided(trial: "{ :; }") }
        if let word = missingWord(line) { return .undecided(trial: word) }
        return .wrong
    }

    /// X of yash's `` `X' is missing ``.
    private static func missingWord(_ line: String) -> String? {
        guard let end = line.place(of: "' is missing"), let start = line[..<end.lowerBound].lastIndex(of: "`")
        else {
            return nil
        }
        return String(line[line.index(after: start)..<end.lowerBound])
    }

    /// `sh: 3: `, `line 3:` and `[3]:`.
    private static func namesLine(_ message: String) -> Bool {
        for (before, after) in [("line ", ":"), ("[", "]:"), (": ", ": ")] {
            var rest = message[...]
            while let place = rest.place(of: before) {
                rest = rest[place.upperBound...]
                let digits = rest.prefix { ("0"..."9").contains($0) }
                if !digits.isEmpty, rest[digits.endIndex...].hasPrefix(after) { return true }
            }
        }
        return false
    }
}
