package import RecordingFormat

/// asciicast of version 3 (docs.asciinema.org/manual/asciicast/v3): each time counts from the event before, the terminal
/// has an object of its own, and an exit status an event.
///
/// psrun's codes stay: asciinema 3 passes over codes that it does not know. Only `H` goes, the hash of a text that is
/// another one now.
package struct Cast3Encoder: RecordingEncoder {
    /// Microseconds of the last event.
    private var lastTime: UInt64 = 0

    package init() {}

    package mutating func begin(_ session: ExportedSession, to bytes: inout [UInt8]) {
        lastTime = 0
    }

    package mutating func encode(
        _ line: ArraySlice<UInt8>,
        number: Int,
        to bytes: inout [UInt8]
    ) throws(CastError) {
        guard number > 1 else {
            bytes += try Self.header(line).compact
            bytes.append(0x0A)
            return
        }
        if let known = CastLine.code(of: line), known == .hash { return }
        guard let event = EventTokens(line), let time = event.microseconds else {
            throw CastError(message: "an event is [seconds, \"code\", \"text\"]", line: number)
        }
        append(time: time, code: event.code, data: event.data, to: &bytes)
        if event.knownCode == .exit, let status = Self.exitStatus(event.data) {
            append(time: time, code: "\"x\"".utf8, data: "\"\(status)\"".utf8, to: &bytes)
        }
    }

    private mutating func append(
        time: UInt64,
        code: some Collection<UInt8>,
        data: some Collection<UInt8>,
        to bytes: inout [UInt8]
    ) {
        let interval = time > lastTime ? time - lastTime : 0
        lastTime = max(lastTime, time)
        bytes.append(0x5B)
        bytes += Self.seconds(interval).utf8
        bytes += [0x2C, 0x20]
        bytes += code
        bytes += [0x2C, 0x20]
        bytes += data
        bytes += [0x5D, 0x0A]
    }

    /// `12.3`, as asciinema writes it: at least one digit behind the point, and no zero at the end of more.
    private static func seconds(_ microseconds: UInt64) -> String {
        let fraction = String(1_000_000 + microseconds % 1_000_000).dropFirst()
        let zeros = fraction.dropFirst().reversed().prefix { $0 == "0" }.count
        return "\(microseconds / 1_000_000).\(fraction.dropLast(zeros))"
    }

    private static func header(_ line: ArraySlice<UInt8>) throws(CastError) -> JSONValue {
        guard let old = try? JSONValue(parsing: Array(line)), old[.version]?.integer == 2 else {
            throw CastError(message: "not the header of an asciicast of version 2", line: 1)
        }
        var terminal = [
            JSONMember(key: "cols", value: old[.width] ?? 80),
            JSONMember(.rows, old[.height] ?? 24),
        ]
        if let type = old["env"]?["TERM"] { terminal.append(JSONMember(key: "type", value: type)) }
        if let theme = old["theme"] { terminal.append(JSONMember(key: "theme", value: theme)) }
        let gone = Set([RecordKey.version, .width, .height].map(\.rawValue) + ["theme", "duration"])
        let kept = (old.members ?? []).filter { !gone.contains($0.key) }
        return .object(
            [JSONMember(.version, 3), JSONMember(key: "term", value: .object(terminal))] + kept
        )
    }

    /// The status that the session asked for, if any, of an `X` event's text.
    private static func exitStatus(_ data: ArraySlice<UInt8>) -> Int64? {
        guard
            let text = (try? JSONValue(parsing: Array(data)))?.string,
            let result = TargetRecord(parsing: text.utf8)
        else { return nil }
        return result.exitCode
    }
}
