/// One line of an entry.
package enum CastLine: Sendable, Hashable {
    case header(EntryHeader)
    case event(RecordedEvent)
    /// An event of a code that psrun does not know.
    case other
}

/// Why a line is none of an asciicast v2 file.
package struct CastError: Error, Sendable, Hashable {
    package let message: String
    /// The line's number, from 1.
    package let line: Int

    package init(message: String, line: Int) {
        self.message = message
        self.line = line
    }
}

extension CastLine {
    /// Events come earlier, in seconds since the entry began: in nanoseconds, an Int64 holds each.
    static let endOfTime = RecordingBound.entryTime.limit

    /// Decodes line `number` (from 1: the first is the header), with or without its line end.
    package init(decoding line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(line))
        } catch {
            throw CastError(message: "not JSON: \(error.message)", line: number)
        }
        if number == 1 {
            self = try Self.header(value)
        } else {
            self = try Self.event(value, number: number)
        }
    }

    /// The code of an event's line as `CastEncoder` writes it, without decoding all of it; nil for any other line.
    package static func code(of line: ArraySlice<UInt8>) -> RecordedCode? {
        guard line.first == 0x5B, let comma = line.prefix(32).firstIndex(of: 0x2C) else { return nil }
        let code = line[comma...].prefix(5)
        guard code.count == 5, code.starts(with: [0x2C, 0x20, 0x22]), code.last == 0x22 else { return nil }
        return RecordedCode(rawValue: code[comma + 3])
    }

    private static func header(_ value: JSONValue) throws(CastError) -> CastLine {
        guard value[.version]?.integer == 2 else {
            throw CastError(message: "not the header of an asciicast of version 2", line: 1)
        }
        let title = value[.title]?.string ?? ""
        return .header(
            EntryHeader(
                target: value[.psrun].map(EntryStamp.init)?.target ?? title,
                columns: value[.width]?.integer.map(Int.init) ?? 80,
                rows: value[.height]?.integer.map(Int.init) ?? 24,
                startedSeconds: value[.timestamp]?.integer ?? 0,
                title: title,
                position: value[.position]?.integer.flatMap(Int.init(exactly:))
            )
        )
    }

    private static func event(_ value: JSONValue, number: Int) throws(CastError) -> CastLine {
        guard
            let fields = value.array, fields.count == 3,
            let time = fields[0].nanoseconds,
            let code = fields[1].string,
            let text = fields[2].string
        else { throw CastError(message: "an event is [seconds, \"code\", \"text\"]", line: number) }
        guard code.utf8.count == 1, let known = code.utf8.first.flatMap(RecordedCode.init) else { return .other }
        return .event(RecordedEvent(time: time, code: known, data: text))
    }
}

extension JSONValue {
    /// A number of seconds in nanoseconds, exact to the microsecond; nil for anything else and below 0.
    fileprivate var nanoseconds: UInt64? {
        switch self {
        case .integer(let seconds) where seconds >= 0 && seconds < CastLine.endOfTime:
            return UInt64(seconds) * 1_000_000_000
        case .double(let seconds) where seconds >= 0 && seconds < Double(CastLine.endOfTime):
            // A binary fraction stands for the microsecond nearest to it.
            return UInt64((seconds * 1_000_000).rounded()) * 1_000
        default: return nil
        }
    }
}
