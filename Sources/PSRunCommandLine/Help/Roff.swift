/// Text as the man macros of roff take it.
enum Roff {
    /// Backslashes, dashes and quotes as they are to be seen; a line cannot begin as a request does.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\": escaped += "\\e"
            case "-": escaped += "\\-"
            case "'": escaped += "\\(aq"
            case "`": escaped += "\\(ga"
            case "^": escaped += "\\(ha"
            case "~": escaped += "\\(ti"
            case "…": escaped += "..."
            default: escaped.append(character)
            }
        }
        return escaped.hasPrefix(".") ? "\\&" + escaped : escaped
    }

    static func section(_ title: String) -> String { ".SH \(title.uppercased())" }

    static func subsection(_ title: String) -> String { ".SS \"\(escape(title))\"" }

    /// A term in bold on a line of its own, and its meaning indented under it.
    static func item(_ term: String, _ meaning: String) -> String {
        ".TP\n\\fB\(escape(term))\\fR\n\(escape(meaning))"
    }

    /// Several terms in bold, and a placeholder in italics.
    static func item(_ terms: [String], placeholder: String?, _ meaning: String) -> String {
        let spelled = terms.map { "\\fB\(escape($0))\\fR" }.joined(separator: ", ")
        let value = placeholder.map { " \\fI\(escape($0))\\fR" } ?? ""
        return ".TP\n\(spelled)\(value)\n\(escape(meaning))"
    }
}
