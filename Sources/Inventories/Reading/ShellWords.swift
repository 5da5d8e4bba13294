/// A line's words as Python's `shlex.split(line, comments=True)` finds them: `#` begins a comment wherever it stands outside
/// quotes, also inside a word.
enum ShellWords {
    enum Problem: Error {
        case openQuote
        case openEscape

        var text: String {
            switch self {
            case .openQuote: "a quote is not closed"
            case .openEscape: "nothing stands behind the last backslash"
            }
        }
    }

    private static let singleQuote = Unicode.Scalar("'")
    private static let doubleQuote = Unicode.Scalar("\"")
    private static let backslash = Unicode.Scalar("\\")

    static func split(_ line: String) throws(Problem) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var isWord = false
        var quote: Unicode.Scalar?
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                // Inside quotes a backslash stays where it had nothing to take the meaning of.
                if quote != nil, scalar != backslash, scalar != doubleQuote { word.append(backslash) }
                word.append(scalar)
                isEscaped = false
            } else if let open = quote {
                if scalar == open {
                    quote = nil
                } else if scalar == backslash, open == doubleQuote {
                    isEscaped = true
                } else {
                    word.append(scalar)
                }
            } else if isBlank(scalar) {
                if isWord { words.append(String(word)) }
                word = String.UnicodeScalarView()
                isWord = false
            } else if scalar == "#" {
                break
            } else {
                isWord = true
                if scalar == singleQuote || scalar == doubleQuote {
                    quote = scalar
                } else if scalar == backslash {
                    isEscaped = true
                } else {
                    word.append(scalar)
                }
            }
        }
        guard !isEscaped else { throw .openEscape }
        guard quote == nil else { throw .openQuote }
        if isWord { words.append(String(word)) }
        return words
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
    }
}
