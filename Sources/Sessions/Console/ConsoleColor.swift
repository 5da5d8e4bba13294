/// .NET's ConsoleColor by number, as SGR (ECMA-48 and the bright colours of aixterm).
enum ConsoleColor {
    private static let codes = [30, 34, 32, 36, 31, 35, 33, 37, 90, 94, 92, 96, 91, 95, 93, 97]

    /// `text` in these colours, its closing line end left outside; a number that is not a colour (-1) changes nothing.
    static func painted(_ text: String, foreground: Int32?, background: Int32?) -> String {
        var parameters: [String] = []
        if let code = code(foreground) { parameters.append(String(code)) }
        if let code = code(background) { parameters.append(String(code + 10)) }
        guard !parameters.isEmpty, !text.isEmpty else { return text }
        return "\u{1B}[" + parameters.joined(separator: ";") + "m" + text + reset
    }

    /// PSStyle's own colour of warning, verbose and debug lines (console/tty.ansi).
    static func notice(_ text: String) -> String { "\u{1B}[33;1m" + text + reset }

    private static let reset = "\u{1B}[0m"

    private static func code(_ number: Int32?) -> Int? {
        guard let number, codes.indices.contains(Int(number)) else { return nil }
        return codes[Int(number)]
    }
}
