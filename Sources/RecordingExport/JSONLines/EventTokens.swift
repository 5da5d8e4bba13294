import RecordingFormat

/// The three values of an event's line, `[seconds, "code", "text"]`, each as it is spelt.
struct EventTokens {
    let time: ArraySlice<UInt8>
    /// With its quotes.
    let code: ArraySlice<UInt8>
    /// With its quotes.
    let data: ArraySlice<UInt8>
    /// Whether the line has the blanks, and the line end, that psrun writes: then the three values are all of it.
    let isPlain: Bool

    /// nil where the line is not an event.
    init?(_ line: ArraySlice<UInt8>) {
        var tokens = JSONTokens(line)
        let start = tokens.offset
        tokens.skipBlanks()
        guard tokens.take("[") else { return nil }
        tokens.skipBlanks()
        guard let time = tokens.number() else { return nil }
        tokens.skipBlanks()
        guard tokens.take(",") else { return nil }
        tokens.skipBlanks()
        guard let code = tokens.string() else { return nil }
        tokens.skipBlanks()
        guard tokens.take(",") else { return nil }
        tokens.skipBlanks()
        guard let data = tokens.string() else { return nil }
        tokens.skipBlanks()
        guard tokens.take("]") else { return nil }
        tokens.skipBlanks()
        guard tokens.isAtEnd else { return nil }
        (self.time, self.code, self.data) = (time, code, data)
        let plainLength = 1 + time.count + 2 + code.count + 2 + data.count + 2
        isPlain =
            line.count == plainLength && line.last == 0x0A
            && time.startIndex == start + 1 && code.startIndex == time.endIndex + 2
            && data.startIndex == code.endIndex + 2 && line[time.endIndex + 1] == 0x20
            && line[code.endIndex + 1] == 0x20
    }

    /// The code where psrun has a name for it.
    var knownCode: RecordedCode? {
        guard code.count == 3 else { return nil }
        return RecordedCode(rawValue: code[code.startIndex + 1])
    }

    /// The time in microseconds; nil where it is below 0 or beyond any recording's.
    var microseconds: UInt64? {
        guard let seconds = Double(String(decoding: time, as: UTF8.self)), seconds >= 0, seconds < 9_000_000_000 else {
            return nil
        }
        return UInt64((seconds * 1_000_000).rounded())
    }
}
