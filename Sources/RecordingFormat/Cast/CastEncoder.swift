/// An entry as asciicast v2 (docs.asciinema.org/manual/asciicast/v2): a header line, a line for each event, and at the
/// end psrun's line `H`, the SHA-256 of all bytes before it.
package enum CastEncoder {
    /// The header line, line end included. `psrun` in it is the `EntryStamp`.
    package static func headerLine(_ header: EntryHeader, entry: Int) -> [UInt8] {
        var members = [
            JSONMember(.version, 2),
            JSONMember(.width, .integer(Int64(header.columns))),
            JSONMember(.height, .integer(Int64(header.rows))),
            JSONMember(.timestamp, .integer(header.startedSeconds)),
            JSONMember(.title, .string(header.title)),
        ]
        if let position = header.position { members.append(JSONMember(.position, .integer(Int64(position)))) }
        members.append(JSONMember(.psrun, EntryStamp(entry: entry, target: header.target).json))
        return JSONValue.object(members).compact + [0x0A]
    }

    /// Appends one event's line.
    /// - Parameters:
    ///   - time: nanoseconds since the entry's beginning; kept in microseconds.
    ///   - text: valid UTF-8.
    package static func append(
        time: UInt64,
        code: RecordedCode,
        text: some Collection<UInt8>,
        to bytes: inout [UInt8]
    ) {
        bytes.append(0x5B)
        appendSeconds(time, to: &bytes)
        bytes.append(0x2C)
        bytes.append(0x20)
        bytes.append(0x22)
        bytes.append(code.rawValue)
        bytes.append(0x22)
        bytes.append(0x2C)
        bytes.append(0x20)
        appendJSONString(text, to: &bytes)
        bytes.append(0x5D)
        bytes.append(0x0A)
    }

    /// Appends `12.345678`.
    private static func appendSeconds(_ nanoseconds: UInt64, to bytes: inout [UInt8]) {
        let microseconds = nanoseconds / 1_000
        var seconds = microseconds / 1_000_000
        let start = bytes.count
        repeat {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: seconds % 10))
            seconds /= 10
        } while seconds > 0
        bytes[start...].reverse()
        bytes.append(0x2E)
        var unit: UInt64 = 100_000
        while unit > 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: microseconds / unit % 10))
            unit /= 10
        }
    }
}
