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

    /// Whether the statement that begins at a column, in UTF-16 units from 0, defines a function: there `function` and
    /// `filter` are keywords, and no command can have such a name.
    func declaresFunction(at column: Int) -> Bool {
        let statement = text.utf16.dropFirst(column).prefix(9)
        let word = String(decoding: statement.prefix { $0 < 0x80 && $0 != 0x20 && $0 != 0x09 }, as: UTF16.self)
        return ["function", "filter"].contains(word.lowercased())
    }

    /// The text behind the white space that it begins with.
    var content: Substring.UnicodeScalarView {
        text.unicodeScalars.drop(while: \.properties.isWhitespace)
    }
}
