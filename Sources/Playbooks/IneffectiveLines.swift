/// Lines of a PowerShell playbook that mean something in a script file, and nothing in a session.
///
/// They are found line by line, without a parser: only what begins in a line's first column and cannot well be anything else
/// counts, so that what is in a function, a block or a text raises no alarm. Nothing is left out or changed for it.
package struct IneffectiveLines: Sendable, Hashable {
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// `#Requires …`
        case requires
        /// A `trap` statement.
        case trap
        /// `return`, `break` or `continue`.
        case leaving
        /// `$PSScriptRoot` or `$PSCommandPath`.
        case scriptPath
    }

    package let kind: Kind
    /// From 1, in their order.
    package let numbers: [Int]

    /// At most one of each kind.
    package static func found(in playbook: Playbook) -> [IneffectiveLines] {
        var numbers: [Kind: [Int]] = [:]
        var reader = ScriptLineReader()
        var setsScriptPath = false
        for line in playbook.lines where reader.isStatement(line.text) {
            setsScriptPath = setsScriptPath || line.text.lowercased().hasPrefix("$psscriptroot =")
            for kind in Kind.allCases where kind.isIn(line.text) { numbers[kind, default: []].append(line.number) }
        }
        if setsScriptPath { numbers[.scriptPath] = nil }
        return Kind.allCases.compactMap { kind in numbers[kind].map { IneffectiveLines(kind: kind, numbers: $0) } }
    }

    /// Where they are and why they have no effect, for a person.
    package var message: String {
        let shown = numbers.prefix(3).map(String.init).joined(separator: ", ")
        let more = numbers.count > 3 ? " and \(numbers.count - 3) more" : ""
        return "\(numbers.count == 1 ? "line" : "lines") \(shown)\(more): \(kind.reason)"
    }
}

extension IneffectiveLines.Kind {
    /// Whether a line that begins a statement at its first column, or is a comment there, is of this kind.
    fileprivate func isIn(_ text: String) -> Bool {
        switch self {
        case .requires: text.begins(with: "#requires", before: " \t") && text.contains("-")
        case .trap: text.begins(with: "trap", before: " \t{[")
        case .leaving: ["return", "break", "continue"].contains { text.begins(with: $0, before: " \t;") }
        case .scriptPath:
            !text.hasPrefix("#") && ["$psscriptroot", "$pscommandpath"].contains { text.hasCode($0) }
        }
    }

    fileprivate var reason: String {
        switch self {
        case .requires: "#Requires is a comment in a session; nothing checks it."
        case .trap: "a trap ends with its own block; it catches nothing of the lines behind it."
        case .leaving: "return, break and continue end their own block; the lines behind it are sent."
        case .scriptPath: "$PSScriptRoot and $PSCommandPath are empty in a session; there is no script file."
        }
    }
}

extension String {
    /// Whether it begins with this word, in any letter case, with nothing or one of the signs behind it.
    fileprivate func begins(with word: String, before signs: String) -> Bool {
        guard prefix(word.count).lowercased() == word else { return false }
        guard let next = dropFirst(word.count).first else { return true }
        return signs.contains(next)
    }

    /// Whether it has this text, in any letter case, where it is not in single quotes or a comment, as far as one can see.
    fileprivate func hasCode(_ word: String) -> Bool {
        let text = lowercased()
        guard let found = text.firstRange(of: word) else { return false }
        let before = text[..<found.lowerBound]
        return before.filter { $0 == "'" }.count.isMultiple(of: 2) && before.last != "`" && !before.contains(" #")
    }
}

/// Tells the lines that begin a statement of the script itself from those in its blocks, comments and here-strings.
private struct ScriptLineReader {
    private enum Place {
        case code
        case comment
        /// With the two characters that end it at the beginning of a line.
        case hereString(String)
    }

    private var place = Place.code
    /// How many braces and parentheses are open.
    private var depth = 0

    /// Whether it begins, in its first column, a statement of the script itself, or is a comment there. Lines are to be told
    /// one after the other.
    mutating func isStatement(_ text: String) -> Bool {
        switch place {
        case .comment:
            if let end = text.firstRange(of: "#>") { read(text[end.upperBound...]) }
            return false
        case .hereString(let end):
            if text.hasPrefix(end) { read(text.dropFirst(2)) }
            return false
        case .code:
            let isOutside = depth == 0
            read(text[...])
            guard let first = text.first else { return false }
            return isOutside && !first.isWhitespace
        }
    }

    /// Reads what is left of a line in code. Where it errs, as with a string of several lines, a line more or less is named.
    private mutating func read(_ rest: Substring) {
        place = .code
        var quote: Character?
        var previous: Character = " "
        for (index, character) in zip(rest.indices, rest) {
            defer { previous = character }
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "#" where previous == "<":
                guard let end = rest[index...].firstRange(of: "#>") else {
                    place = .comment
                    return
                }
                return read(rest[end.upperBound...])
            case "#" where previous.isWhitespace: return
            case "'", "\"":
                if previous == "@", rest[index...].dropFirst().allSatisfy(\.isWhitespace) {
                    place = .hereString("\(character)@")
                    return
                }
                quote = character
            case "{", "(": depth += 1
            case "}", ")": depth = max(0, depth - 1)
            default: break
            }
        }
    }
}
