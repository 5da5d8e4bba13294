package import RecordingFormat

/// The way back: a line that `JSONLinesEncoder` wrote, or that another program passed on, in any order of its members.
package enum JSONLine: Sendable, Hashable {
    case run(ExportedRun)
    /// A line of a session, as it stood in the recording.
    case session(ExportedSession, line: [UInt8])

    /// - Parameter number: the line's, from 1, for the error.
    package init(decoding line: ArraySlice<UInt8>, number: Int) throws(CastError) {
        guard let members = Self.members(of: line) else {
            throw CastError(message: "not a line that export --as jsonl writes", line: number)
        }
        if members[.entry] == nil, let run = members[.run].flatMap(Self.text) {
            let facts = try? JSONValue(parsing: Array(line))
            self = .run(ExportedRun(name: run, facts: facts ?? [:]))
            return
        }
        guard
            let entry = members[.entry].flatMap({ Int(String(decoding: $0, as: UTF8.self)) }), entry > 0,
            let target = members[.target].flatMap(Self.text),
            let original = Self.original(members)
        else { throw CastError(message: "not an event that export --as jsonl writes", line: number) }
        self = .session(ExportedSession(number: entry, target: target), line: original)
    }

    private static func original(_ members: [String: ArraySlice<UInt8>]) -> [UInt8]? {
        if let header = members[.header] { return header + [0x0A] }
        if let line = members[.line].flatMap(text) { return Array(line.utf8) }
        if let line = members[.lineBase64].flatMap(text) { return Base64.decode(line) }
        guard let time = members[.time], let data = members[.data] else { return nil }
        let code: [UInt8]
        if let stream = members[.stream].flatMap(text), let known = RecordedCode(streamName: stream) {
            code = [0x22, known.rawValue, 0x22]
        } else if let other = members[.code] {
            code = Array(other)
        } else {
            return nil
        }
        return [0x5B] + time + [0x2C, 0x20] + code + [0x2C, 0x20] + data + [0x5D, 0x0A]
    }

    /// The object's values by their keys, each as it is spelt; nil where the line is not an object.
    private static func members(of line: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>]? {
        var tokens = JSONTokens(line)
        var members: [String: ArraySlice<UInt8>] = [:]
        tokens.skipBlanks()
        guard tokens.take("{") else { return nil }
        repeat {
            tokens.skipBlanks()
            guard let key = tokens.string().flatMap(text) else { return nil }
            tokens.skipBlanks()
            guard tokens.take(":") else { return nil }
            tokens.skipBlanks()
            guard let value = tokens.value() else { return nil }
            members[key] = value
            tokens.skipBlanks()
        } while tokens.take(",")
        guard tokens.take("}") else { return nil }
        tokens.skipBlanks()
        return tokens.isAtEnd ? members : nil
    }

    private static func text(_ token: ArraySlice<UInt8>) -> String? {
        (try? JSONValue(parsing: Array(token)))?.string
    }
}

extension [String: ArraySlice<UInt8>] {
    fileprivate subscript(key: RecordKey) -> ArraySlice<UInt8>? { self[key.rawValue] }
}
