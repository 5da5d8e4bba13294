/// One line of a playbook, exactly as it stands in the file.
package struct PlaybookLine: Sendable, Hashable {
    /// From 1.
    package let number: Int
    /// The text before the terminator: nothing trimmed, expanded or parsed.
    package let text: String
    /// `\n`, `\r\n`, or empty where the file ends without one.
    package let terminator: String

    package init(number: Int, text: String, terminator: String) {
        self.number = number
        self.text = text
        self.terminator = terminator
    }
}

/// All that psrun ever reads in a line.
extension PlaybookLine {
    /// Nothing but white space: at a console nothing is sent for it.
    package var isBlank: Bool { content.isEmpty }

    /// Begins, after blanks, with `#`.
    package var isComment: Bool { content.first == "#" }

    /// Begins, after blanks, with the word `else` or `elseif`, or with `|`: by itself it could only fail, so it belongs to
    /// what precedes it.
    package var continuesPrecedingLine: Bool {
        if content.first == "|" { return true }
        let word = content.prefix { $0.isASCII && $0.properties.isAlphabetic }
        guard ["else", "elseif"].contains(String(word).lowercased()) else { return false }
        guard let next = content.dropFirst(word.count).first else { return true }
        return next.properties.isWhitespace || "{(;#<".unicodeScalars.contains(next)
    }

    private var content: Substring.UnicodeScalarView {
        text.unicodeScalars.drop(while: \.properties.isWhitespace)
    }
}
