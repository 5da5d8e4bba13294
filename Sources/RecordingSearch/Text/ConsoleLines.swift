/// A line of text with where its parts came from.
struct TextLine {
    /// Without line end and control sequences.
    var text: [UInt8]
    /// The parts that it came in, by the first byte of each, in order.
    var parts: [Part]

    struct Part {
        var start: Int
        /// Nanoseconds since the entry's beginning.
        var time: UInt64
        /// The step that was under way.
        var step: Int?
    }

    /// The part with the byte before `offset`.
    func part(endingAt offset: Int) -> Part {
        parts.last { $0.start < max(offset, 1) } ?? Part(start: 0, time: 0)
    }
}

extension TextLine {
    /// A line that came in one part.
    init(text: [UInt8], time: UInt64, step: Int?) {
        self.init(text: text, parts: [Part(start: 0, time: time, step: step)])
    }
}

/// Puts what a console showed back together into lines, over events that were cut anywhere. A carriage return begins the
/// line anew, so that what it leaves is a line of its own.
struct ConsoleLines {
    /// A line that is longer is handed out in parts that share `overlap` bytes.
    private static let lineBytes = 16 << 20
    private static let overlap = 64 << 10

    private var bytes: [UInt8] = []
    private var parts: [TextLine.Part] = []
    private var isAfterReturn = false

    /// Whether the next text goes on with a line that has begun.
    var isOpen: Bool { !bytes.isEmpty || isAfterReturn }

    /// Takes an event's text and hands out the lines that it ends.
    mutating func receive<Failure>(
        _ text: [UInt8],
        time: UInt64,
        step: Int?,
        _ body: (TextLine) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
            if isAfterReturn {
                // A line feed right behind a carriage return is the same line's end.
                if end > start || text[end] == 0x0D { isAfterReturn = false }
            }
            if end > start { append(text[start..<end], time: time, step: step) }
            if end < text.count {
                if !(isAfterReturn && text[end] == 0x0A) { try body(take()) }
                isAfterReturn = text[end] == 0x0D
            } else if bytes.count > Self.lineBytes {
                let kept = Array(bytes.suffix(Self.overlap))
                try body(take())
                append(kept[...], time: time, step: step)
            }
            start = end + 1
        }
    }

    /// Hands out what no line end has closed.
    mutating func finish<Failure>(_ body: (TextLine) throws(Failure) -> Void) throws(Failure) {
        if !bytes.isEmpty { try body(take()) }
        isAfterReturn = false
    }

    private mutating func append(_ text: ArraySlice<UInt8>, time: UInt64, step: Int?) {
        if parts.last?.time != time || parts.last?.step != step {
            parts.append(TextLine.Part(start: bytes.count, time: time, step: step))
        }
        bytes += text
    }

    private mutating func take() -> TextLine {
        var line = TextLine(text: bytes, parts: parts)
        bytes.removeAll(keepingCapacity: true)
        parts.removeAll(keepingCapacity: true)
        line.removeControlSequences()
        return line
    }
}
