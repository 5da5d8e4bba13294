/// The word that a person wants completed, as PowerShell's parser sees it: the line is the client's to parse.
package struct CompletionPoint: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The first word of a command. - isCalled: behind a `&`, so that it may be quoted.
        case command(isCalled: Bool)
        case file
    }

    /// Where the word begins in the line, in UTF-16 units.
    package let start: Int
    /// From there to the cursor, in UTF-16 units.
    package let length: Int
    /// The word without its quotes.
    package let word: String
    package let kind: Kind

    /// - Parameters:
    ///   - line: what is typed.
    ///   - cursor: where in it the cursor stands, in UTF-16 units.
    /// - Returns: nil where nothing can be completed: in a comment, a variable or a parameter.
    package init?(_ line: String, cursor: Int) {
        let units = Array(line.utf16.prefix(max(0, cursor)))
        var reader = WordReader()
        for (offset, scalar) in Self.scalars(of: units) { reader.take(scalar, at: offset) }
        guard !reader.isComment, let kind = reader.kind else { return nil }
        start = reader.start ?? units.count
        length = units.count - start
        word = reader.word
        self.kind = kind
        if !reader.isQuoted, let first = word.unicodeScalars.first, first == "$" || first == "-" { return nil }
        if case .command = kind, word.isEmpty { return nil }
    }

    private static func scalars(of units: [UInt16]) -> [(Int, Unicode.Scalar)] {
        var offset = 0
        return String(decoding: units, as: UTF16.self).unicodeScalars.map { scalar in
            defer { offset += UTF16.width(scalar) }
            return (offset, scalar)
        }
    }
}

/// Reads a line up to the cursor, word by word.
private struct WordReader {
    private(set) var start: Int?
    private(set) var word = ""
    private(set) var isComment = false
    private(set) var isQuoted = false
    private var quote: Unicode.Scalar?
    private var isEscaped = false
    private var next = CompletionPoint.Kind.command(isCalled: false)

    /// What the word is; nil within a string that is not the word's beginning.
    var kind: CompletionPoint.Kind? { next }

    mutating func take(_ scalar: Unicode.Scalar, at offset: Int) {
        if isComment {
            if scalar == "\n" { (isComment, next) = (false, .command(isCalled: false)) }
        } else if isEscaped {
            isEscaped = false
            word.unicodeScalars.append(scalar)
        } else if let open = quote {
            takeQuoted(scalar, open)
        } else {
            takePlain(scalar, offset)
        }
    }

    private mutating func takeQuoted(_ scalar: Unicode.Scalar, _ open: Unicode.Scalar) {
        if PowerShellWord.quoteKind(scalar) == open {
            quote = nil
        } else if scalar == "`" && open == "\"" {
            isEscaped = true
        } else {
            word.unicodeScalars.append(scalar)
        }
    }

    private mutating func takePlain(_ scalar: Unicode.Scalar, _ offset: Int) {
        switch scalar {
        case "|", ";", "&", "(", "{", "\n": end(before: .command(isCalled: scalar == "&"))
        case "<", ">", ")", "}", ",": end(before: .file)
        case "#" where start == nil: isComment = true
        case _ where scalar.properties.isWhitespace:
            if start != nil { end(before: .file) }
        default:
            if start == nil { start = offset }
            if let kind = PowerShellWord.quoteKind(scalar) {
                (quote, isQuoted) = (kind, true)
            } else if scalar == "`" {
                isEscaped = true
            } else {
                word.unicodeScalars.append(scalar)
            }
        }
    }

    private mutating func end(before kind: CompletionPoint.Kind) {
        (start, word, isQuoted, next) = (nil, "", false, kind)
    }
}
