/// One or more lines of a playbook that are sent as one input.
package struct PlaybookBlock: Sendable, Hashable {
    package let lines: ArraySlice<PlaybookLine>
    /// The number of the line behind the comments that it begins with.
    package let statementLine: Int
    /// Whether it is known that none of it can change `$?`: functions, classes, `using`, `param`, comments.
    package let isDeclaration: Bool

    /// - Parameter statementLine: nil where comments are not told from statements.
    package init(lines: ArraySlice<PlaybookLine>, statementLine: Int? = nil, isDeclaration: Bool = false) {
        precondition(!lines.isEmpty, "a block has a line")
        self.lines = lines
        self.statementLine = statementLine ?? lines[lines.startIndex].number
        self.isDeclaration = isDeclaration
    }

    package var firstLine: Int { lines[lines.startIndex].number }
    package var lastLine: Int { lines[lines.endIndex - 1].number }

    /// The file's own text from the first line to the last, with the file's terminators between and none after the last.
    package var text: String {
        var text = ""
        for line in lines.dropLast() {
            text += line.text
            text += line.terminator
        }
        return text + lines[lines.endIndex - 1].text
    }
}

/// What ends a block.
package enum BlockRule: Sendable, Hashable {
    /// The far side's parser, which is asked once for the whole playbook; where it cannot be asked, `incremental`.
    case parser
    /// The far side's parser, line by line; a text never ends where more must follow, as far as its lines show that.
    case incremental
    /// A blank line, as at a console without PSReadLine; nothing is read.
    case console
}
