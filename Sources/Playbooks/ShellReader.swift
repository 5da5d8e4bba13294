/// Reads lines of a shell as far as is needed to see that more must follow: here-documents outside of quotes and comments, a
/// backslash at the end, a `|`, `||` or `&&` at the end.
///
/// What is within backquotes, `${…}` and the patterns of `case` is not read for what it is. Where that leads it astray, a
/// block may be cut later than it could be, and the shell itself says of a text that it is not whole.
struct ShellReader: Sendable {
    private enum Context: Sendable, Hashable {
        case singleQuotes
        case doubleQuotes
        /// `$'…'`
        case escapedQuotes
        /// `$(…)`, with this many parentheses open in it.
        case substitution(open: Int)
        /// `((…))` and `$((…))`, where `<<` shifts.
        case arithmetic(open: Int)
    }

    private var contexts: [Context] = []
    private var hereDocuments: [HereDocument] = []
    private var isContinued = false
    /// Whether a word could begin here.
    private var isAtWord = true
    /// The two bytes that stand last outside of quotes, blanks and comments aside.
    private var (beforeLast, last) = (UInt8(0), UInt8(0))

    /// The here-documents whose bodies begin with the next line.
    mutating func takeHereDocuments() -> [HereDocument] {
        guard !isInQuotes, !isContinued else { return [] }
        defer { hereDocuments = [] }
        return hereDocuments
    }

    /// - Returns: whether nothing that was read asks for another line, quotes and parentheses aside.
    mutating func read(_ line: String) -> Bool {
        let bytes = Array(line.utf8)
        var index = 0
        isAtWord = !isContinued
        (beforeLast, last) = (0, 0)
        isContinued = false
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == Self.backslash, contexts.last != .singleQuotes {
                isContinued = index == bytes.count
                index += 1
                follow(byte)
            } else if isInQuotes {
                readQuoted(byte, bytes, &index)
            } else if byte == Self.number, isAtWord {
                break
            } else {
                readPlain(byte, bytes, &index)
                follow(byte)
            }
        }
        let asksForMore = last == Self.bar || last == Self.and && beforeLast == Self.and
        return isInQuotes || !isContinued && !asksForMore
    }

    private var isInQuotes: Bool {
        switch contexts.last {
        case .singleQuotes, .doubleQuotes, .escapedQuotes: true
        case .substitution, .arithmetic, nil: false
        }
    }

    private mutating func follow(_ byte: UInt8) {
        isAtWord = Self.separators.contains(byte)
        if byte != Self.blank, byte != Self.tab { (beforeLast, last) = (last, byte) }
    }

    private mutating func readQuoted(_ byte: UInt8, _ bytes: [UInt8], _ index: inout Int) {
        switch (contexts.last, byte) {
        case (.singleQuotes, Self.singleQuote), (.escapedQuotes, Self.singleQuote), (.doubleQuotes, Self.doubleQuote):
            contexts.removeLast()
            follow(byte)
        case (.doubleQuotes, Self.dollar): readDollar(bytes, &index)
        default: break
        }
    }

    private mutating func readPlain(_ byte: UInt8, _ bytes: [UInt8], _ index: inout Int) {
        let next = index < bytes.count ? bytes[index] : nil
        switch (byte, contexts.last) {
        case (Self.singleQuote, _): contexts.append(.singleQuotes)
        case (Self.doubleQuote, _): contexts.append(.doubleQuotes)
        case (Self.dollar, _): readDollar(bytes, &index)
        case (Self.open, nil) where next == Self.open && isAtWord:
            contexts.append(.arithmetic(open: 0))
            index += 1
        case (Self.open, .substitution(let open)?): contexts[contexts.count - 1] = .substitution(open: open + 1)
        case (Self.open, .arithmetic(let open)?): contexts[contexts.count - 1] = .arithmetic(open: open + 1)
        case (Self.close, .substitution(let open)?), (Self.close, .arithmetic(let open)?):
            close(open, isTwice: next == Self.close, &index)
        case (Self.less, _) where next == Self.less: readRedirection(bytes, &index)
        default: break
        }
    }

    private mutating func close(_ open: Int, isTwice: Bool, _ index: inout Int) {
        switch contexts.last {
        case .substitution where open > 0: contexts[contexts.count - 1] = .substitution(open: open - 1)
        case .arithmetic where open > 0: contexts[contexts.count - 1] = .arithmetic(open: open - 1)
        case .substitution: contexts.removeLast()
        // It may be a subshell in a subshell: `((a); b)`.
        case .arithmetic:
            contexts.removeLast()
            if isTwice { index += 1 }
        default: break
        }
    }

    /// Behind a `$`.
    private mutating func readDollar(_ bytes: [UInt8], _ index: inout Int) {
        let rest = bytes[index...]
        if rest.starts(with: "((".utf8) {
            contexts.append(.arithmetic(open: 0))
            index += 2
        } else if rest.first == Self.open {
            contexts.append(.substitution(open: 0))
            index += 1
        } else if rest.first == Self.singleQuote, contexts.last != .doubleQuotes {
            contexts.append(.escapedQuotes)
            index += 1
        }
    }

    /// Behind the first `<` of two.
    private mutating func readRedirection(_ bytes: [UInt8], _ index: inout Int) {
        if case .arithmetic = contexts.last { return }
        index += 1
        if index < bytes.count, bytes[index] == Self.less {
            index += 1
        } else if let document = HereDocument(behind: bytes, &index) {
            hereDocuments.append(document)
        }
    }

    private static let backslash = UInt8(ascii: "\\")
    private static let singleQuote = UInt8(ascii: "'")
    private static let doubleQuote = UInt8(ascii: "\"")
    private static let dollar = UInt8(ascii: "$")
    private static let number = UInt8(ascii: "#")
    private static let less = UInt8(ascii: "<")
    private static let open = UInt8(ascii: "(")
    private static let close = UInt8(ascii: ")")
    private static let bar = UInt8(ascii: "|")
    private static let and = UInt8(ascii: "&")
    private static let blank = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
    /// Behind these a word may begin.
    private static let separators = Set(" \t;&|()<>".utf8)
}
