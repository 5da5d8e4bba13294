/// Lines that enter another session from the far side.
///
/// A real server pushes a runspace only for a client that debugs (ServerRemoteHost.PushRunspace of PowerShell), which psrun
/// is not. So what such a line is to enter is never entered, and a later line would run on the wrong host.
enum NestedSession {
    /// Commands that push a runspace, and the alias of one; in lower case.
    private static let commands: Set<String> = ["enter-pssession", "etsn", "enter-pshostprocess"]

    /// What servers say: PowerShell 5 and later, hosts of older ones, and hosts that know no sessions at all.
    private static let refusals = [
        "Cannot enter Runspace because", "cannot use the Enter-PSSession cmdlet to enter another PSSession",
        "does not support the Enter-PSSession cmdlet", "does not support the Enter-PSHostProcess cmdlet",
    ]

    /// Whether an error says that no other session can be entered from this one.
    static func isRefused(in words: String) -> Bool {
        refusals.contains { words.contains($0) }
    }

    /// Words behind which a text may only define what another step calls.
    private static let definitions: Set<String> = ["function", "filter", "class", "workflow", "configuration"]

    /// Whether a step was to enter another session by its own text, and did not: where it is not well, and where it may have
    /// caught that by itself.
    static func isMissed(by result: StepResult) -> Bool {
        guard result.outcome != .notSent else { return false }
        let words = words(of: result.text)
        guard !words.isDisjoint(with: commands) else { return false }
        return result.outcome != .ok || words.contains("try") && words.isDisjoint(with: definitions)
    }

    /// Whether a text has such a command where a command stands: not in a comment, a string or an argument.
    static func isEntered(by text: String) -> Bool { !words(of: text).isDisjoint(with: commands) }

    /// What stands where commands and keywords do, in lower case and without a module's name before it.
    private static func words(of text: String) -> Set<String> {
        var scanner = CommandScanner(text)
        var words: Set<String> = []
        while let command = scanner.next() {
            if let name = command.split(separator: "\\").last { words.insert(name.lowercased()) }
        }
        return words
    }
}

/// Finds the words of a PowerShell text that stand where a command does. It guesses as little as it can, and knows no more of
/// the language than comments, strings and what a command may stand behind.
private struct CommandScanner {
    private var rest: ArraySlice<UInt8>
    private var isAtCommand = true

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    /// The next such word; nil at the end.
    mutating func next() -> String? {
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): rest = rest.dropFirst()
            case UInt8(ascii: "`"): rest = rest.dropFirst(2)
            case UInt8(ascii: "<") where rest.starts(with: "<#".utf8): skip(through: "#>")
            case UInt8(ascii: "#"):
                skip(through: "\n")
                isAtCommand = true
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                skipString(byte)
                isAtCommand = false
            case _ where Self.opensCommand(byte):
                rest = rest.dropFirst()
                isAtCommand = true
            default:
                let word = rest.prefix { !Self.endsWord($0) }
                rest = rest.dropFirst(max(word.count, 1))
                guard isAtCommand, !word.elementsEqual(".".utf8) else { continue }
                isAtCommand = false
                if !word.isEmpty { return String(decoding: word, as: UTF8.self) }
            }
        }
        return nil
    }

    /// A string's quotes are doubled in it, which makes it two strings: that is the same here.
    private mutating func skipString(_ quote: UInt8) {
        rest = rest.dropFirst()
        while let byte = rest.first, byte != quote {
            rest = rest.dropFirst(byte == UInt8(ascii: "`") && quote == UInt8(ascii: "\"") ? 2 : 1)
        }
        rest = rest.dropFirst()
    }

    private mutating func skip(through end: String) {
        while !rest.isEmpty, !rest.starts(with: end.utf8) { rest = rest.dropFirst() }
        rest = rest.dropFirst(end.utf8.count)
    }

    private static func opensCommand(_ byte: UInt8) -> Bool { "\n;|&{(=".utf8.contains(byte) }

    private static func endsWord(_ byte: UInt8) -> Bool { " \t\r\n;|&{}()='\"`,".utf8.contains(byte) }
}
