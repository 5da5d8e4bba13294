/// An argument that begins with a dash, taken apart.
struct SpelledOption {
    enum Dialect: Hashable {
        /// `--name` or `--name=value`.
        case long
        /// `-x` or `-x:value`.
        case short(Character)
        /// `-Name` or `-Name:value`.
        case powerShell
    }

    var dialect: Dialect
    /// Without dashes and value.
    var name: String
    /// What follows `=` or `:`; nil when neither is there.
    var value: String?

    init(_ argument: String) {
        let isLong = argument.hasPrefix("--")
        let parts = argument.dropFirst(isLong ? 2 : 1)
            .split(separator: isLong ? "=" : ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = String(parts[0])
        value = parts.count == 2 ? String(parts[1]) : nil
        if isLong {
            dialect = .long
        } else if let letter = name.first, name.count == 1 {
            dialect = .short(letter)
        } else {
            dialect = .powerShell
        }
    }

    /// With its dashes, as it was given, without its value.
    var spelling: String {
        printable((dialect == .long ? "--" : "-") + name)
    }

    /// Whether an argument is an option rather than the value of the one before it; `-` and `-1` are values.
    static func looksLikeOption(_ argument: String) -> Bool {
        guard argument.first == "-", let second = argument.dropFirst().first else { return false }
        return !(second.isASCII && second.isNumber)
    }
}
