/// Words as PowerShell's parser reads them.
enum PowerShellWord {
    /// A word that is read back as exactly this text, quoted where it must be.
    static func quoted(_ text: String) -> String {
        guard text.isEmpty || !text.unicodeScalars.allSatisfy(isPlain) else { return text }
        var word = "'"
        for scalar in text.unicodeScalars {
            word.unicodeScalars.append(scalar)
            if quoteKind(scalar) == "'" { word.unicodeScalars.append(scalar) }
        }
        return word + "'"
    }

    /// `'` or `"` for each character that PowerShell takes for one, typographic quotes among them.
    static func quoteKind(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "'", "\u{2018}"..."\u{201B}": "'"
        case "\"", "\u{201C}"..."\u{201E}": "\""
        default: nil
        }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "_-./\\:=+%^~!*?[]".unicodeScalars.contains(scalar)
    }
}
