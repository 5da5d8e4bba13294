/// Words of a shell's command line.
package enum ShellQuoting {
    /// The word that a shell reads back as exactly this text.
    package static func quoted(_ text: String) -> String {
        guard text.isEmpty || !text.utf8.allSatisfy(isPlain) else { return text }
        var word = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { word += #"'\''"# } else { word.unicodeScalars.append(scalar) }
        }
        return word + "'"
    }

    /// The word for a program's argument, which the shell expands as a real server does: `~` and what begins with `~/`,
    /// and the wildcards `*`, `?` and `[abc]` (ways-in/t2-real: `ls -d ~`, `ls /etc/host*`). What matches nothing stays
    /// as it is; so does a text with white space in it, and one with a backtick, PowerShell's escape character.
    ///
    /// `~name`, braces and a bracket's `!` mean nothing, as in PowerShell; letter case counts, as in a shell.
    package static func expandable(_ text: String) -> String {
        if text == "~" { return text }
        if text.hasPrefix("~/") { return "~/" + pattern(text.dropFirst(2)) }
        return text.isEmpty ? "''" : pattern(text[...])
    }

    /// The word for a command's name, of which a shell may expand the home folder.
    package static func commandName(_ text: String) -> String {
        text.hasPrefix("~/") ? "~/" + part(text.dropFirst(2)) : quoted(text)
    }

    /// An assignment's word, its value quoted; nil for what is not `NAME=VALUE` (or bash's `NAME+=VALUE`).
    package static func assignment(_ text: String) -> String? {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let target = text[..<equals]
        let name = target.hasSuffix("+") ? target.dropLast() : target
        guard isName(name) else { return nil }
        return target + "=" + part(text[text.utf8.index(after: equals)...])
    }

    /// The words that a real server makes of an argument behind `--%`: cut at blanks, `%NAME%` replaced where there is
    /// such a variable.
    package static func verbatim(_ text: String) -> [String] {
        text.split(separator: " ").map { (piece: Substring) in
            var word = ""
            var rest = piece
            while let start = rest.firstIndex(of: "%"), let end = rest[rest.index(after: start)...].firstIndex(of: "%")
            {
                let name = rest[rest.index(after: start)..<end]
                if isName(name) {
                    word += part(rest[..<start]) + "\"${\(name)-%\(name)%}\""
                    rest = rest[rest.index(after: end)...]
                } else {
                    word += part(rest[..<end])
                    rest = rest[end...]
                }
            }
            return word + part(rest)
        }
    }

    /// A part of a word: nothing for nothing.
    private static func part(_ text: some StringProtocol) -> String { text.isEmpty ? "" : quoted(String(text)) }

    private static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, first &- UInt8(ascii: "0") > 9 else { return false }
        return text.utf8.allSatisfy { isWordByte($0) }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ","), UInt8(ascii: ":"),
            UInt8(ascii: "@"), UInt8(ascii: "+"):
            true
        default: isWordByte(byte)
        }
    }
}

// MARK: Wildcards
extension ShellQuoting {
    /// The text with its wildcards left to the shell, and all else in quotes.
    private static func pattern(_ text: Substring) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }),
            !text.unicodeScalars.contains(where: { $0 == "`" || $0.properties.isWhitespace })
        else { return part(text) }
        var word = ""
        var literal = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*", "?":
                word += part(String(literal))
                word.unicodeScalars.append(scalar)
                literal = String.UnicodeScalarView()
            case "[":
                // A bracket that is closed at once holds its `]`.
                guard let end = rest.dropFirst().firstIndex(of: "]") else {
                    literal.append(scalar)
                    continue
                }
                word += part(String(literal)) + "[" + bracketed(rest[..<end]) + "]"
                literal = String.UnicodeScalarView()
                rest = rest[rest.index(after: end)...]
            default: literal.append(scalar)
            }
        }
        return word + part(String(literal))
    }

    /// What stands in a bracket: ranges stay, and `!` and `^` are characters like others.
    private static func bracketed(_ content: Substring.UnicodeScalarView) -> String {
        content.map { $0 == "-" ? "-" : quoted(String($0)) }.joined()
    }
}
