/// What a line of PowerShell looks like, by itself. Nothing is known of the lines before it, so that it may as well lie in a
/// string; all that follows from a wrong guess is that a block is cut later than it could be.
struct PowerShellLine {
    /// The line without the white space at its beginning and end.
    private let content: Substring.UnicodeScalarView

    init(_ line: PlaybookLine) {
        var content = line.content
        while content.last?.properties.isWhitespace == true { content.removeLast() }
        self.content = content
    }

    /// Begins with a comment that may go on over the next lines.
    var opensComment: Bool { begins(with: "<#") }

    var hasCommentStart: Bool { has("<", "#") }

    var hasCommentEnd: Bool { has("#", ">") }

    /// Holds the end of a comment with nothing behind it, and no code before that comment as far as one can see.
    var closesComment: Bool { ends(with: "#>") && (opensComment || !hasCommentStart) }

    /// Begins as the last line of a here-string does.
    var endsHereString: Bool { begins(with: "'@") || begins(with: "\"@") }

    /// Holds a character that could end a string, or a comment of several lines.
    var couldEndText: Bool {
        content.contains {
            "'\"\u{2018}\u{2019}\u{201A}\u{201B}\u{201C}\u{201D}\u{201E}".unicodeScalars.contains($0)
        }
            || hasCommentEnd
    }

    /// Ends with the backtick that takes the next line in.
    var endsInBacktick: Bool { content.last == "`" }

    /// Begins with a word or sign that by itself could only fail, so that it belongs to what precedes it.
    var continuesPrecedingLine: Bool {
        content.first == "|" || begins(with: ["else", "elseif", "catch", "finally"], before: "{([;#<")
    }

    /// Ends as an attribute does: by itself it could only fail, so that it belongs to what follows it.
    var isAttribute: Bool { (content.first == "[" || content.first == ")") && ends(with: ")]") }

    /// Begins what a script consists of besides its statements: attributes, parameters, named blocks.
    var beginsFrame: Bool {
        content.first == "[" || begins(with: ["param"], before: "(#<") || beginsNamedBlock
    }

    /// Begins a named block of a script.
    var beginsNamedBlock: Bool {
        begins(with: ["begin", "process", "end", "clean", "dynamicparam"], before: "{#<")
    }

    /// A `using` statement. The session's list of namespaces is replaced by each pipeline that has one.
    var isUsing: Bool {
        guard begins(with: ["using"], before: "") else { return false }
        let words = String(content).split(maxSplits: 2) { $0 == " " || $0 == "\t" }
        return words.count == 3
            && ["namespace", "module", "assembly", "type", "command"].contains(words[1].lowercased())
    }

    /// Begins a class or an enum, which may name one that follows it.
    var beginsType: Bool { begins(with: ["class", "enum"], before: "") && content.count > 5 }

    private func begins(with text: String) -> Bool { content.starts(with: text.unicodeScalars) }

    private func ends(with text: String) -> Bool {
        content.suffix(text.unicodeScalars.count).elementsEqual(text.unicodeScalars)
    }

    /// Whether it holds these two, one right behind the other.
    private func has(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        var previous: Unicode.Scalar = " "
        for scalar in content {
            if previous == first, scalar == second { return true }
            previous = scalar
        }
        return false
    }

    /// Whether it begins with one of the words, in any letter case, with nothing behind it, white space or one of the signs.
    private func begins(with words: [String], before signs: String) -> Bool {
        guard content.first?.isASCII == true, content.first?.properties.isAlphabetic == true else {
            return false
        }
        let word = content.prefix { $0.isASCII && $0.properties.isAlphabetic }
        guard words.contains(String(word).lowercased()) else { return false }
        guard let next = content.dropFirst(word.count).first else { return true }
        return next.properties.isWhitespace || signs.unicodeScalars.contains(next)
    }
}
