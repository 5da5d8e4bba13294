import RecordingFormat

/// Tells what came back in a console from prompts and from what was sent there.
///
/// A recording has a step's prompt and the echo of its text as outputs between its marker and its input, and the echo of a
/// block's further lines right before the input that they are (<doc:RecordingFormat>).
struct EchoFilter {
    /// A text that a console showed.
    struct Shown {
        var text: [UInt8]
        /// Nanoseconds since the entry's beginning.
        var time: UInt64
        var step: Int?
    }

    /// What becomes of the text that was held.
    enum Fate {
        case nothing
        case release(Shown)
        /// It was an echo: what comes next goes on with nothing before.
        case drop
    }

    private var isBeforeInput = false
    private var held: Shown?

    /// Whether an event's line is needed although nothing in it can be found.
    func wants(_ raw: UnsafeRawBufferPointer, _ line: Range<Int>) -> Bool {
        if held != nil { return true }
        // `[12.345678, "m", …`: the code stands behind the first quote.
        guard let quote = raw.firstOffset(of: 0x22, from: line.lowerBound), quote + 1 < line.upperBound else {
            return false
        }
        let code = RecordedCode(rawValue: raw[quote + 1])
        return code == .marker || code == .input
    }

    /// Takes the code of the next event.
    mutating func take(_ code: RecordedCode) -> Fate {
        defer {
            if code == .marker { isBeforeInput = true }
            if code == .input || code == .step { isBeforeInput = false }
        }
        guard let shown = release() else { return code == .input ? .drop : .nothing }
        return code == .input ? .drop : .release(shown)
    }

    /// Takes what a console showed, until the next event tells what it was.
    /// - Returns: false where it is a prompt or an echo.
    mutating func hold(_ shown: Shown) -> Bool {
        guard !isBeforeInput else { return false }
        held = shown
        return true
    }

    /// What is held when nothing more comes.
    mutating func release() -> Shown? {
        defer { held = nil }
        return held
    }
}
