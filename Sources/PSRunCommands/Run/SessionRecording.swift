import CLIXML
import PSRP
import Recording
import RecordingFormat
import Sessions

/// Puts one target's session into the run's recording.
struct SessionRecording: Sendable {
    let recorder: RunRecorder
    /// The target's place among the run's.
    let entry: Int
    /// When the target's recording began, on the run's clock.
    let began: Duration
    let mask: SecretMask

    /// What the console shows, secrets masked.
    func record(console text: String, at moment: RunMoment) {
        put(.output, Self.withReturns(text), moment)
    }

    /// What an event says besides what the console shows.
    func record(_ event: SessionEvent, at moment: RunMoment) {
        switch event {
        case .opened(let version): put(.connection, "open, protocol \(version)", moment)
        case .noise(let line): put(.connection, "noise: \(line)", moment)
        case .stepBegan(let line): put(.marker, line == 0 ? "profile" : "line \(line)", moment)
        case .input(let lines, _): put(.input, lines.joined(separator: "\n"), moment)
        case .record(let record): put(record, moment)
        // The output is the entry's own, and the steps have events of theirs: neither is put twice.
        case .stepEnded(let result): put(.step, JSONReport.step(result, keepsColors: true).without("output"), moment)
        case .finished(let result): put(.exit, JSONReport.target(result, keepsColors: true).without("steps"), moment)
        case .prompt, .text, .typed, .question: break
        }
    }

    func record(diagnostics: String, at moment: RunMoment) {
        put(.connection, "stderr: \(diagnostics)", moment)
    }

    private func put(_ record: SessionRecord, _ moment: RunMoment) {
        switch record {
        case .error(let error):
            let value: JSONValue = [
                "message": .string(error.message),
                "error_id": .string(error.fullyQualifiedErrorID),
                "category": .integer(Int64(error.category)),
                "reason": .string(error.reason),
            ]
            put(.error, value, moment)
        case .errorLine(let line): put(.error, line, moment)
        case .stream(let stream, let value): put(stream, value, moment)
        case .output(let value): put(.object, RecordedValue.json(value), moment)
        case .hostCall(let method, let detail): put(.information, "\(method.wireName): \(detail)", moment)
        case .other(let type, let value): put(.connection, "\(type): \(ValueText.text(of: value))", moment)
        }
    }

    /// A record's message where it is that plain, else the whole of it as JSON.
    private func put(_ stream: RecordStream, _ value: PSValue, _ moment: RunMoment) {
        if let message = value["InformationalRecord_Message"]?.text {
            put(Self.code(of: stream), message, moment)
        } else {
            put(Self.code(of: stream), RecordedValue.json(value), moment)
        }
    }

    private func put(_ code: RecordedCode, _ value: JSONValue, _ moment: RunMoment) {
        put(code, String(decoding: mask.masked(value).compact, as: UTF8.self), moment)
    }

    private func put(_ code: RecordedCode, _ data: String, _ moment: RunMoment) {
        let time = max(.zero, moment.elapsed - began)
        let nanoseconds =
            UInt64(time.components.seconds) * 1_000_000_000 + UInt64(time.components.attoseconds / 1_000_000_000)
        recorder.record(RecordedEvent(time: nanoseconds, code: code, data: mask.masked(data)), in: entry)
    }

    /// A terminal in raw mode needs the carriage return that a console adds by itself.
    private static func withReturns(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\n")) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 8)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n"), bytes.last != UInt8(ascii: "\r") { bytes.append(UInt8(ascii: "\r")) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func code(of stream: RecordStream) -> RecordedCode {
        switch stream {
        case .debug: .debug
        case .verbose: .verbose
        case .warning: .warning
        case .progress: .progress
        case .information: .information
        }
    }
}
