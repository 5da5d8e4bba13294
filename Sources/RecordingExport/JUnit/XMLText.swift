/// Text as XML 1.0 can hold it.
enum XMLText {
    /// An attribute's value: `escaped`, with line ends and tabs as references, since they would come out as blanks.
    static func attribute(_ text: String) -> String {
        escaped(text, isAttribute: true)
    }

    /// Markup escaped; a character that XML 1.0 has no place for (section 2.2) stands as `<0B>`, escaped as well.
    static func escaped(_ text: String, isAttribute: Bool = false) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "\r": output += "&#13;"
            case "\t", "\n": output += isAttribute ? "&#\(scalar.value);" : String(scalar)
            default:
                switch scalar.value {
                case 0x00..<0x20, 0x7F..<0xA0, 0xFFFE...0xFFFF, 0x1FFFE...0x1FFFF, 0x10FFFE...0x10FFFF:
                    output += "&lt;\(String(scalar.value, radix: 16, uppercase: true))&gt;"
                default: output.unicodeScalars.append(scalar)
                }
            }
        }
        return output
    }
}
