/// A here-document that a line of a shell opens with `<<WORD` or `<<-WORD`.
struct HereDocument: Sendable, Hashable {
    /// The word without its quotes.
    let delimiter: String
    let stripsTabs: Bool

    func isEnded(by line: String) -> Bool {
        (stripsTabs ? Self.withoutTabs(line) : line) == delimiter
    }

    static func withoutTabs(_ line: String) -> String { String(line.drop { $0 == "\t" }) }
}

/// Reads lines of a shell as far as is needed to see that more must follow: here-documents outside of quotes and comments, a
/// backslash at the end, a `|`, `||` or `&&` at the end.
///
/// What is within `$(…)`, backquotes and `"${…}"` is not read for what it is: where that leads it astray, the shell itself says
/// that the text is not whole.
struct ShellReader: Sendable {
    private enum Quote {
        case none
        case single
        case double
        /// `$'…'`
        case escaped
    }

    private var quote = Quote.none
    /// How many `((` are open: within them, `<<` shifts.
    private var arithmetic = 0
    private var hereDocuments: [HereDocument] = []
    private var isContinued = false

    /// The here-documents whose bodies begin with the next line.
    mutating func takeHereDocuments() -> [HereDocument] {
        guard quote == .none, !isContinued else { return [] }
        defer { hereDocuments = [] }
        return hereDocuments
    }

    /// - Returns: whether nothing that was read asks for another line.
    mutating func read(_ line: String) -> Bool {
        let bytes = Array(line.utf8)
        var index = 0
        /// Whether a word could begin here.
        var isAtWord = !isContinued
        /// The two bytes that stand last outside of quotes, blanks and comments aside.
        var (beforeLast, last) = (UInt8(0), UInt8(0))
        isContinued = false
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : nil
            index += 1
            if quote != .none {
                readQuoted(byte, &index, bytes.count)
                continue
            }
            switch byte {
            case Self.backslash:
                isContinued = next == nil
                index += 1
            case Self.singleQuote: quote = last == Self.dollar && !isAtWord ? .escaped : .single
            case Self.doubleQuote: quote = .double
            case Self.number where isAtWord:
                index = bytes.count
                continue
            case Self.less where next == Self.less && arithmetic == 0: readRedirection(bytes, &index)
            case Self.open where next == Self.open && (isAtWord || last == Self.dollar):
                arithmetic += 1
                index += 1
            case Self.close where next == Self.close && arithmetic > 0:
                arithmetic -= 1
                index += 1
            default: break
            }
            isAtWord = Self.separators.contains(byte)
            if byte != Self.blank, byte != Self.tab { (beforeLast, last) = (last, byte) }
        }
        let asksForMore = last == Self.bar || last == Self.and && beforeLast == Self.and
        return quote == .none && !isContinued && !asksForMore
    }

    private mutating func readQuoted(_ byte: UInt8, _ index: inout Int, _ count: Int) {
        switch (quote, byte) {
        case (.single, Self.singleQuote), (.escaped, Self.singleQuote), (.double, Self.doubleQuote): quote = .none
        case (.double, Self.backslash), (.escaped, Self.backslash): index += 1
        default: break
        }
    }

    /// Behind the first `<` of two.
    private mutating func readRedirection(_ bytes: [UInt8], _ index: inout Int) {
        index += 1
        guard index < bytes.count else { return }
        if bytes[index] == Self.less {
            index += 1
            return
        }
        let stripsTabs = bytes[index] == UInt8(ascii: "-")
        if stripsTabs { index += 1 }
        while index < bytes.count, bytes[index] == Self.blank || bytes[index] == Self.tab { index += 1 }
        var word: [UInt8] = []
        var open: UInt8?
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if let quote = open {
                if byte == quote { open = nil } else { word.append(byte) }
            } else if byte == Self.singleQuote || byte == Self.doubleQuote {
                open = byte
            } else if byte == Self.backslash {
                index += 1
                if index < bytes.count { word.append(bytes[index]) }
            } else if Self.separators.contains(byte) || byte == Self.close || byte == Self.less {
                break
            } else {
                word.append(byte)
            }
            index += 1
        }
        guard index > start else { return }
        hereDocuments.append(HereDocument(delimiter: String(decoding: word, as: UTF8.self), stripsTabs: stripsTabs))
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
    private static let separators: Set<UInt8> = Set(" \t;&|()<>".utf8)
}
