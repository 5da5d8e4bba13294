import ConsoleText

/// Text as XML 1.0 can hold it.
enum XMLText {
    /// An attribute's value: `escaped`, with line ends and tabs as references, since they would come out as blanks.
    static func attribute(_ text: String) -> String {
        escaped(text, isAttribute: true)
    }

    /// Markup escaped, and what a terminal would take for a command shown as text (`^[`), as XML has no place for most of
    /// that (section 2.2); nor for the last two characters of each plane, which stand as `<FFFE>`.
    static func escaped(_ text: String, isAttribute: Bool = false) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        for scalar in TerminalText.presentable(text, colored: false).unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "\t" where isAttribute, "\n" where isAttribute: output += "&#\(scalar.value);"
            case _ where scalar.value & 0xFFFE == 0xFFFE:
                output += "&lt;\(String(scalar.value, radix: 16, uppercase: true))&gt;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
