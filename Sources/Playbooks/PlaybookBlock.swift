/// One or more lines of a playbook that are sent as one input.
package struct PlaybookBlock: Sendable, Hashable {
    package let lines: ArraySlice<PlaybookLine>

    package init(lines: ArraySlice<PlaybookLine>) {
        precondition(!lines.isEmpty, "a block has a line")
        self.lines = lines
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
    /// The far side's parser, line by line; a text never ends where more must follow, as far as its lines show that.
    case parser
    /// A blank line, as at a console without PSReadLine; nothing is read.
    case console
}
