/// Words laid out in lines of a terminal.
enum TextLayout {
    /// Columns of a terminal that nobody has widened.
    static let width = 80

    /// `text` with every line indented, broken at blanks so that it stays within `width`.
    static func paragraph(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = margin
        for word in text.split(separator: " ") {
            if line.count > indent, line.count + 1 + word.count > width {
                lines.append(line)
                line = margin
            }
            line += line.count > indent ? " \(word)" : "\(word)"
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// Terms in one column, and what they mean in the next.
    static func table(_ rows: [(term: String, meaning: String)]) -> String {
        let column = (rows.map(\.term.count).max() ?? 0) + 4
        return rows.map { row in
            let meaning = paragraph(row.meaning, indent: column).dropFirst(row.term.count + 2)
            return "  \(row.term)\(meaning)"
        }.joined(separator: "\n")
    }
}
