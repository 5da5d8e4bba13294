package import RecordingFormat

/// Every event as a line of JSON, and a line for the run and for each session's header.
///
/// Values keep their spelling, so that `JSONLinesDecoder` gives back the very bytes. A line of a recording that another
/// program wrote, with other blanks or no JSON at all, goes along as `line`, or as `line_base64` where it is no UTF-8.
package struct JSONLinesEncoder: RecordingEncoder {
    /// `{"entry":1,"target":"web01",`
    private var prefix: [UInt8] = []

    package init() {}

    package mutating func begin(_ run: ExportedRun, to bytes: inout [UInt8]) {
        let facts = (run.facts.members ?? []).filter { $0.key != "run" }
        bytes += JSONValue.object([JSONMember(key: "run", value: .string(run.name))] + facts).compact
        bytes.append(0x0A)
    }

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        let names: JSONValue = ["entry": .integer(Int64(session.number)), "target": .string(session.target)]
        prefix = names.compact.dropLast() + [0x2C]
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        bytes += prefix
        if String(validating: line, as: UTF8.self) == nil {
            bytes += "\"line_base64\":\"\(Base64.encode(line))\"".utf8
        } else if number == 1, line.first == 0x7B, Self.isOneObject(line) {
            bytes += "\"header\":".utf8
            bytes += line.dropLast()
        } else if number > 1, let event = EventTokens(line), event.isPlain {
            bytes += "\"time\":".utf8
            bytes += event.time
            if let code = event.knownCode {
                bytes += ",\"stream\":\"\(code.streamName)\"".utf8
            } else {
                bytes += ",\"code\":".utf8
                bytes += event.code
            }
            bytes += ",\"data\":".utf8
            bytes += event.data
        } else {
            bytes += "\"line\":".utf8
            bytes += JSONValue.string(String(decoding: line, as: UTF8.self)).compact
        }
        bytes += [0x7D, 0x0A]
    }

    private static func isOneObject(_ line: ArraySlice<UInt8>) -> Bool {
        var tokens = JSONTokens(line)
        return tokens.value() != nil && tokens.rest.elementsEqual([0x0A])
    }
}
