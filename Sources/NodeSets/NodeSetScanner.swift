/// Cuts the text of a node set into its terms.
///
/// Source: `ParsingEngine._scan_string` of ClusterShell 1.10.1, which it follows step by step but for one thing: digits that
/// touch a bracket are refused where ClusterShell's joining of them changes which nodes are meant.
struct NodeSetScanner {
    /// One part between operators.
    struct Term {
        /// How it is joined to what stands before it.
        var operation: Operation
        var pattern = NamePattern()
        /// For each place of the pattern the numbers that may stand there.
        var numbers: [Set<NodeNumber>] = []
    }

    private let text: Substring
    private let limits: NodeSetLimits
    private var position: Substring.Index
    private var operation: Operation = .union
    private var openings: ByteFinder
    private var closings: ByteFinder

    init(_ text: Substring, _ limits: NodeSetLimits) throws(NodeSetError) {
        guard text.utf8.count <= limits.textBytes else {
            throw NodeSetError(.textTooLong, "the node set holds more than \(limits.textBytes) bytes.")
        }
        try Self.checkCharacters(of: text)
        self.text = trimmed(text)
        self.limits = limits
        position = self.text.startIndex
        openings = ByteFinder("[", in: self.text)
        closings = ByteFinder("]", in: self.text)
    }

    /// - Returns: nil behind the last term.
    mutating func next() throws(NodeSetError) -> Term? {
        guard position < text.endIndex else { return nil }
        skipBlanks()
        var term = Term(operation: operation)
        let start = position
        while let special = firstSpecial(), text.utf8[special] == UInt8(ascii: "[") {
            try readBracket(at: special, from: start, into: &term)
        }
        let end = operatorIndex() ?? text.endIndex
        let rest = trimmedEnd(text[position..<end])
        guard position > start || !text[position..<end].isEmpty else { throw missingOperand(at: end, from: start) }
        if rest.utf8.contains(UInt8(ascii: "]")) {
            throw NodeSetError(.strayBracket, "\(quoted(rest)) has a ] that nothing opens.")
        }
        try append(rest, to: &term)
        try finish(at: end, from: start)
        return term
    }

    private mutating func finish(at end: Substring.Index, from start: Substring.Index) throws(NodeSetError) {
        position = end
        guard end < text.endIndex, let operation = Operation(rawValue: text.utf8[end]) else { return }
        self.operation = operation
        position = text.utf8.index(after: end)
        guard position < text.endIndex else { throw missingOperand(at: end, from: start) }
    }

    /// Reads what stands from `position` to the end of a bracket's digits behind it.
    private mutating func readBracket(
        at opening: Substring.Index,
        from start: Substring.Index,
        into term: inout Term
    ) throws(NodeSetError) {
        let prefix = text[position..<opening]
        let inside = text.utf8.index(after: opening)
        guard let closing = closings.first(from: inside) else {
            throw NodeSetError(.missingBracket, "\(quoted(text[start...])) has a [ that nothing closes.")
        }
        guard !prefix.utf8.contains(UInt8(ascii: "]")) else {
            throw NodeSetError(.strayBracket, "\(quoted(prefix)) has a ] that nothing opens.")
        }
        position = text.utf8.index(after: closing)
        if let stray = closings.first(from: position), openings.first(from: position).map({ stray < $0 }) ?? true {
            throw NodeSetError(.strayBracket, "\(quoted(text[position...])) has a ] that nothing opens.")
        }
        let digits = text[position...].utf8.prefix(while: isDigit)
        position = digits.endIndex
        guard position == text.endIndex || text.utf8[position] != UInt8(ascii: "[") else {
            throw NodeSetError(
                .adjacentBrackets,
                "\(quoted(text[start...])) has two brackets side by side; write them with something between, or as one."
            )
        }
        let front = prefix.utf8.reversed().prefix(while: isDigit).count
        let list = BracketedList(
            stem: text[start..<prefix.utf8.index(prefix.endIndex, offsetBy: -front)],
            list: text[inside..<closing],
            before: Substring(prefix.utf8.suffix(front)),
            after: Substring(digits),
            mostNumbers: limits.hosts
        )
        let numbers = try list.numbers(of: text[start..<position])
        try append(Substring(prefix.utf8.dropLast(front)), to: &term)
        term.pattern.appendNumber()
        term.numbers.append(numbers)
    }

    private func append(_ name: Substring, to term: inout Term) throws(NodeSetError) {
        guard name.utf8.count + term.pattern.bytes.count <= limits.nameBytes else {
            throw NodeSetError(
                .nameTooLong,
                "\(quoted(name)) is longer than \(limits.nameBytes) bytes, the longest name."
            )
        }
        let (pattern, numbers) = try NamePattern.split(name)
        term.pattern.append(pattern)
        term.numbers += numbers.map { [$0] }
    }

    private mutating func skipBlanks() {
        position = text[position...].utf8.drop(while: isBlank).startIndex
    }

    /// The next operator or opening bracket.
    private func firstSpecial() -> Substring.Index? {
        text[position...].utf8.firstIndex { $0 == UInt8(ascii: "[") || Operation(rawValue: $0) != nil }
    }

    private func operatorIndex() -> Substring.Index? {
        text[position...].utf8.firstIndex { Operation(rawValue: $0) != nil }
    }

    private func trimmedEnd(_ text: Substring) -> Substring {
        guard let last = text.utf8.lastIndex(where: { !isBlank($0) }) else { return text.suffix(0) }
        return text[...last]
    }

    private func missingOperand(at end: Substring.Index, from start: Substring.Index) -> NodeSetError {
        let sign = end < text.endIndex ? String(decoding: [text.utf8[end]], as: UTF8.self) : ","
        return NodeSetError(
            .missingOperand,
            "\(quoted(text[start...])): a node set is missing before or after '\(sign)'; the operators are , ! & ^."
        )
    }

    /// Blanks and digits beyond ASCII are numbers and nothing to Python, and a terminal's commands are not a name's.
    private static func checkCharacters(of text: Substring) throws(NodeSetError) {
        for scalar in text.unicodeScalars {
            let isUsual =
                scalar.isASCII
                ? scalar.value >= 0x20 && scalar.value != 0x7F || isBlank(UInt8(scalar.value))
                : !scalar.properties.isWhitespace && scalar.properties.numericType != .decimal
                    && scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
            guard isUsual else {
                throw NodeSetError(
                    .unusualCharacter,
                    "\(quoted(text)) has the character U+\(String(scalar.value, radix: 16, uppercase: true)), which is not "
                        + "in a host's name; write digits 0 to 9 and plain blanks."
                )
            }
        }
    }
}

/// Where a byte stands next, for places that only grow: each byte of the text is looked at once.
private struct ByteFinder {
    private let byte: UInt8
    private let text: Substring
    private var found: Substring.Index?
    private var isSearched = false

    init(_ character: Unicode.Scalar, in text: Substring) {
        byte = UInt8(ascii: character)
        self.text = text
    }

    mutating func first(from start: Substring.Index) -> Substring.Index? {
        if isSearched, found.map({ $0 >= start }) ?? true { return found }
        isSearched = true
        found = text[start...].utf8.firstIndex(of: byte)
        return found
    }
}
