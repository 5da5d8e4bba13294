import RecordingFormat

/// What a person reads of an event that is not the console's.
enum EventText {
    /// Its lines, without control sequences. Of JSON the strings and numbers in it, each by itself.
    static func lines(of text: [UInt8], _ stream: SearchStream) -> [[UInt8]] {
        var texts = [text]
        if isJSON(stream), let value = try? JSONValue(parsing: text) {
            // Of how a session ended, why it failed: all else is psrun's own wording.
            let told = stream == .session ? TargetRecord(value).failure?.json ?? .null : value
            texts = leaves(of: told).map { Array($0.utf8) }
        }
        var lines: [[UInt8]] = []
        for text in texts {
            for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
                var line = TextLine(text: Array(line), time: 0, step: nil)
                line.removeControlSequences()
                lines.append(line.text)
            }
        }
        return lines
    }

    private static func isJSON(_ stream: SearchStream) -> Bool {
        switch stream {
        case .error, .information, .progress, .object, .session: true
        case .console, .output, .input, .warning, .verbose, .debug, .connection: false
        }
    }

    private static func leaves(of value: JSONValue) -> [String] {
        switch value {
        case .null, .bool: []
        case .integer(let number): [String(number)]
        case .double(let number): [number.description]
        case .string(let text): [text]
        case .array(let values): values.flatMap(leaves)
        case .object(let members): members.flatMap { leaves(of: $0.value) }
        }
    }
}
