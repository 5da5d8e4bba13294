package import RecordingFormat

/// Every event as a line of JSON, and a line for the run and for each session's header.
///
/// Values keep their spelling, so that `JSONLinesDecoder` gives back the very bytes. A line of a recording that another
/// program wrote, with other blanks or no JSON at all, goes along as `line`, or as `line_base64` where it is not UTF-8.
package struct JSONLinesEncoder: RecordingEncoder {
    /// `{"entry":1,"target":"web01",`
    private var prefix: [UInt8] = []

    package init() {}

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        let facts = (run.facts.json.members ?? []).filter { $0.key != RecordKey.run.rawValue }
        bytes += JSONValue.object([JSONMember(.run, .string(run.name))] + facts).compact
        bytes.append(0x0A)
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        let names: JSONValue = .record([.entry: .integer(Int64(session.number)), .target: .string(session.target)])
        prefix = names.compact.dropLast() + [0x2C]
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        bytes += prefix
        if String(validating: line, as: UTF8.self) == nil {
            RecordKey.lineBase64.append(to: &bytes)
            bytes += "\"\(Base64.encode(line))\"".utf8
        } else if number == 1, line.first == 0x7B, Self.isOneObject(line) {
            RecordKey.header.append(to: &bytes)
            bytes += line.dropLast()
        } else if number > 1, let event = EventTokens(line), event.isPlain {
            RecordKey.time.append(to: &bytes)
            bytes += event.time
            if let code = event.knownCode {
                bytes.append(0x2C)
                RecordKey.stream.append(to: &bytes)
                bytes += "\"\(code.streamName)\"".utf8
            } else {
                bytes.append(0x2C)
                RecordKey.code.append(to: &bytes)
                bytes += event.code
            }
            bytes.append(0x2C)
            RecordKey.data.append(to: &bytes)
            bytes += event.data
        } else {
            RecordKey.line.append(to: &bytes)
            bytes += JSONValue.string(String(decoding: line, as: UTF8.self)).compact
        }
        bytes += [0x7D, 0x0A]
    }

    private static func isOneObject(_ line: ArraySlice<UInt8>) -> Bool {
        var tokens = JSONTokens(line)
        return tokens.value() != nil && tokens.rest.elementsEqual([0x0A])
    }
}
