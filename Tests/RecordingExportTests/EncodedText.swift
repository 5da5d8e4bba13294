import RecordingExport
import RecordingFormat

/// What an encoder makes of sessions that are there as text.
func encoded(
    _ sessions: [(target: String, cast: [UInt8])],
    of run: ExportedRun = ExportedRun(name: "night"),
    by encoder: some RecordingEncoder
) throws -> [UInt8] {
    var encoder = encoder
    var bytes: [UInt8] = []
    encoder.begin(run, to: &bytes)
    for (index, session) in sessions.enumerated() {
        encoder.begin(ExportedSession(number: index + 1, target: session.target), to: &bytes)
        for (number, line) in lines(of: session.cast).enumerated() {
            try encoder.encode(line, number: number + 1, to: &bytes)
        }
        encoder.endSession(to: &bytes)
    }
    encoder.end(to: &bytes)
    return bytes
}

func encodedText(_ cast: String, of run: ExportedRun = ExportedRun(name: "night"), by encoder: some RecordingEncoder)
    throws -> String
{
    String(decoding: try encoded([("web01", Array(cast.utf8))], of: run, by: encoder), as: UTF8.self)
}

/// The lines with their ends, the last one as it is.
func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var splitter = CastLineSplitter()
    splitter.receive(bytes)
    var lines: [ArraySlice<UInt8>] = []
    while let line = splitter.nextLine() { lines.append(line) }
    return splitter.rest.isEmpty ? lines : lines + [splitter.rest]
}

/// A session as psrun records it.
enum SampleSession {
    static let header = EntryHeader(
        target: "web01",
        columns: 80,
        rows: 24,
        startedSeconds: 1_795_366_845,
        title: "night.ps1 on web01"
    )

    static func cast(_ events: [(seconds: Double, code: RecordedCode, text: String)]) -> String {
        var bytes = CastEncoder.headerLine(header, entry: 0)
        for event in events {
            let time = UInt64(event.seconds * 1_000_000_000)
            CastEncoder.append(time: time, code: event.code, text: Array(event.text.utf8), to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func result(_ line: Int, _ text: String, _ outcome: String) -> String {
        let value: JSONValue = [
            "first_line": .integer(Int64(line)), "last_line": .integer(Int64(line)), "text": .string(text),
            "outcome": .string(outcome), "succeeded": true, "last_exit_code": nil, "started_us": 1,
            "duration_us": 1_500,
        ]
        return String(decoding: value.compact, as: UTF8.self)
    }
}
