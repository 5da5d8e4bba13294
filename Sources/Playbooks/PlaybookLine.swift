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

extension PlaybookLine {
    /// Nothing but white space: at a console nothing is sent for it.
    package var isBlank: Bool { content.isEmpty }

    /// Begins, after blanks, with `#`.
    package var isComment: Bool { content.first == "#" }

    /// The text behind the white space that it begins with.
    var content: Substring.UnicodeScalarView {
        text.unicodeScalars.drop(while: \.properties.isWhitespace)
    }
}
