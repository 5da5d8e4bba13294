/// Where the texts end that a PowerShell's parser is asked about, line by line.
///
/// The parser calls a text incomplete only where its error lies in the text's last line: a blank or comment line at the end,
/// and the text is refused for good. So no text ends there, unless the file does. And what is whole by itself is not asked
/// about while the next line belongs to it.
struct PowerShellTrials: TrialRule {
    private let lines: [PlaybookLine]
    /// For each line, the line in which a comment that seems to begin in it ends. Where a here-string ends before it does,
    /// it was not a comment.
    private let commentEnds: [Int?]
    /// Whether a line is blank, a comment, or the last line of a comment that began at a line's beginning.
    private let isRemark: [Bool]
    /// The block's first line that is neither blank nor a comment.
    private(set) var opening = 0

    init(_ lines: [PlaybookLine]) {
        self.lines = lines
        var ends = [Int?](repeating: nil, count: lines.count)
        var end: Int?
        for index in lines.indices.reversed() {
            let line = PowerShellLine(lines[index])
            if line.hasCommentEnd {
                end = index
            } else if line.endsHereString {
                end = nil
            }
            ends[index] = end
        }
        commentEnds = ends
        var comment: PowerShellLine?
        isRemark = lines.map { text in
            let line = PowerShellLine(text)
            // Where a comment began behind code, the parser goes on from that code at the comment's end.
            let endsBehindCode = line.closesComment && !line.hasCommentStart && comment?.opensComment == false
            if line.hasCommentStart, !text.isComment { comment = line } else if line.hasCommentEnd { comment = nil }
            return text.isBlank || !endsBehindCode && (text.isComment || line.closesComment)
        }
    }

    mutating func firstEnd(from start: Int) -> Int? {
        guard let opening = code(from: start) else { return nil }
        self.opening = opening
        return settled(opening + 1)
    }

    mutating func nextEnd(from end: Int) -> Int? {
        guard let next = lines[end...].indices.first(where: { !isRemark[$0] }) else {
            let isOpenText = lines[end...].contains { PowerShellLine($0).couldEndText }
            let isOpenLine = PowerShellLine(lines[end - 1]).endsInBacktick
            return end < lines.count && (isOpenText || isOpenLine) ? lines.count : nil
        }
        return settled(next + 1)
    }

    /// The first line from here, where no statement is open, that holds something to run; nil where only blanks and comments
    /// are left.
    private func code(from start: Int) -> Int? {
        var isInComment = false
        for index in start..<lines.count {
            var rest = Substring(String(lines[index].content))
            reading: while true {
                if isInComment {
                    guard let end = rest.firstRange(of: "#>") else { break reading }
                    rest = rest[end.upperBound...]
                    isInComment = false
                }
                rest = rest.drop(while: \.isWhitespace)
                if rest.isEmpty || rest.hasPrefix("#") { break reading }
                guard rest.hasPrefix("<#") else { return index }
                rest = rest.dropFirst(2)
                isInComment = true
            }
        }
        return isInComment ? lines.count - 1 : nil
    }

    /// A text's end that leaves behind it no line that belongs to what stands before it.
    private func settled(_ end: Int) -> Int {
        var end = end
        while let next = next(from: end), belongs(next, behind: end - 1) { end = next + 1 }
        return end
    }

    private func belongs(_ next: Int, behind last: Int) -> Bool {
        let (next, last) = (PowerShellLine(lines[next]), PowerShellLine(lines[last]))
        if next.continuesPrecedingLine || last.isAttribute { return true }
        if next.isUsing && last.isUsing { return true }
        let opening = PowerShellLine(lines[opening])
        return next.beginsNamedBlock && opening.beginsFrame || next.beginsType && opening.beginsType
    }

    func next(from start: Int) -> Int? {
        var index = start
        while index < lines.count {
            if PowerShellLine(lines[index]).opensComment {
                guard let close = commentEnds[index] else { return index }
                guard PowerShellLine(lines[close]).closesComment else { return close }
                index = close + 1
            } else if isRemark[index] {
                index += 1
            } else {
                return index
            }
        }
        return nil
    }
}
