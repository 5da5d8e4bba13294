import ConsoleText

/// A session as it can be shown at any moment: its console's text once, when each piece of it came, where its lines and
/// steps begin. Text is only ever appended, so the screen at a moment is the end of the text up to there: what it costs to
/// show does not grow with the session (see `Screen`).
package struct Timeline: Sendable {
    /// A line this long is laid out as if it ended here, so that no screen has to be laid out from further back.
    static let longestLine = 64 << 10
    /// The style is kept at every so many lines' beginnings.
    static let linesPerMark = 64

    /// One step of the playbook.
    package struct Step: Sendable, Hashable {
        /// `line 3`, or `profile`.
        package var label: String
        /// The first line of what was sent.
        package var text = ""
        /// Nanoseconds since the session began.
        package var time: UInt64
        /// How many pieces are shown when the step begins, its own echo included.
        package var shown: Int
    }

    private let colored: Bool
    /// The console's text, presentable: characters, tabs, line ends and SGR sequences.
    private(set) var text: [UInt8] = []
    /// Where each line begins; the last one may be empty.
    private(set) var lines: [Int] = [0]
    /// The style at the beginning of line 0, 64, and so on.
    private var marks: [TextStyle] = [.plain]
    private var style = TextStyle.plain
    /// Of each piece: when it came, and where the text ends with it.
    private var times: [UInt64] = []
    private var ends: [Int] = []
    private var nextLengthCheck = longestLine
    /// When the present step's input was sent.
    private var inputTime: UInt64?
    package private(set) var steps: [Step] = []
    /// When the last event came, in nanoseconds since the session began.
    package private(set) var duration: UInt64 = 0

    /// - Parameters:
    ///   - bytes: no less than all text that will come, where that is known: memory is set aside once.
    ///   - colored: keep colours.
    package init(expecting bytes: Int = 0, colored: Bool) {
        self.colored = colored
        text.reserveCapacity(bytes)
    }

    /// How many pieces of text there are.
    package var count: Int { times.count }

    /// How much text is there with so many pieces shown.
    func end(_ shown: Int) -> Int { shown == 0 ? 0 : ends[shown - 1] }

    /// When a piece came.
    func time(of piece: Int) -> UInt64 { times[piece] }

    /// How many pieces had come at a moment.
    func shown(at time: UInt64) -> Int {
        times.partition { $0 <= time }
    }

    /// The piece that holds the byte at `offset`.
    func piece(at offset: Int) -> Int {
        ends.partition { $0 <= offset }
    }

    /// The line that holds the byte at `offset`.
    func line(at offset: Int) -> Int {
        lines.partition { $0 <= offset } - 1
    }

    /// The last step that has begun when so many pieces are shown at that time.
    func step(shown: Int, at time: UInt64) -> Int? {
        let begun = steps.partition { $0.shown < shown || $0.shown == shown && $0.time <= time }
        return begun == 0 ? nil : begun - 1
    }

    // MARK: Taking what was recorded

    /// Whether the next text begins a line.
    package var isAtLineStart: Bool { text.isEmpty || text.last == UInt8(ascii: "\n") }

    /// A piece of the console's text came. Time never goes back: an earlier one counts as the last one's.
    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, at time: UInt64) {
        let start = text.count
        TerminalText.append(presentable: bytes, colored: colored, to: &text)
        pass(time)
        guard text.count > start else { return }
        noteLines(from: start)
        if text.count > nextLengthCheck { breakLongLine(before: text.count) }
        times.append(duration)
        ends.append(text.count)
        if let last = steps.indices.last, inputTime == duration { steps[last].shown = count }
    }

    /// A step of the playbook begins.
    package mutating func beginStep(_ label: String, at time: UInt64) {
        pass(time)
        inputTime = nil
        steps.append(Step(label: label, time: duration, shown: count))
    }

    /// What the present step sends. Its echo comes just before, or at the same time.
    package mutating func nameStep(_ input: String, at time: UInt64) {
        guard let last = steps.indices.last else { return }
        pass(time)
        inputTime = duration
        steps[last].text = String(input.prefix { $0 != "\n" && $0 != "\r\n" })
        steps[last].shown = count
    }

    /// Anything else came: the session lasted until then.
    package mutating func pass(_ time: UInt64) {
        duration = max(duration, time)
    }

    private mutating func noteLines(from start: Int) {
        let text = text
        text.withUnsafeBufferPointer { text in
            var marks = TextMarks(text, start..<text.count)
            while let mark = marks.next() {
                switch mark {
                case .lineEnd(let offset):
                    if offset > nextLengthCheck { breakLongLine(before: offset) }
                    beginLine(at: offset + 1)
                case .style(let parameters): style.apply(UnsafeBufferPointer(rebasing: text[parameters]))
                }
            }
        }
    }

    private mutating func beginLine(at offset: Int) {
        if lines.count % Self.linesPerMark == 0 { marks.append(style) }
        lines.append(offset)
        nextLengthCheck = offset + Self.longestLine
    }

    /// Breaks the last line wherever it is as long as a line may be: before a character that takes cells of its own, or a
    /// sequence; where neither comes for long, before any other.
    private mutating func breakLongLine(before end: Int) {
        nextLengthCheck = end + Self.longestLine
        let all = style
        let text = text
        text.withUnsafeBufferPointer { text in
            var start = lines[lines.count - 1]
            style = style(atLine: lines.count - 1)
            var scanner = TextScanner(text, start..<end)
            while case let offset = scanner.offset, let token = scanner.next() {
                let longest = token == .character(width: 0) ? 4 * Self.longestLine : Self.longestLine
                if offset - start >= longest {
                    beginLine(at: offset)
                    start = offset
                }
                if case .style(let parameters) = token { style.apply(UnsafeBufferPointer(rebasing: text[parameters])) }
            }
        }
        style = all
    }

    /// The style at a line's beginning.
    func style(atLine line: Int) -> TextStyle {
        let mark = line / Self.linesPerMark
        var style = marks[mark]
        text.withUnsafeBufferPointer { text in
            var marks = TextMarks(text, lines[mark * Self.linesPerMark]..<lines[line])
            while let mark = marks.next() {
                if case .style(let parameters) = mark { style.apply(UnsafeBufferPointer(rebasing: text[parameters])) }
            }
        }
        return style
    }
}

extension Array {
    /// How many elements, all of them at the front, `belongs` holds for.
    fileprivate func partition(_ belongs: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if belongs(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
