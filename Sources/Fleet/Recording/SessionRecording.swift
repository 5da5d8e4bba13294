import CLIXML
import ConsoleText
import PSRP
import Playbooks
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

    /// Records an event, its secrets replaced in `data`.
    func record(_ item: RecordedItem, _ data: String) {
        let time = max(.zero, item.moment.elapsed - began)
        let nanoseconds =
            UInt64(time.components.seconds) * 1_000_000_000 + UInt64(time.components.attoseconds / 1_000_000_000)
        let data = item.code == .output ? Self.withReturns(data) : data
        recorder.record(RecordedEvent(time: nanoseconds, code: item.code, data: data), in: entry)
    }

    /// A terminal in raw mode needs the carriage return that a console adds by itself.
    private static func withReturns(_ text: String) -> String {
        let plain = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plain.count + 8)
        var rest = plain[...]
        while let end = rest.place(of: UInt8(ascii: "\n")) {
            bytes += rest[..<end]
            if bytes.last != UInt8(ascii: "\r") { bytes.append(UInt8(ascii: "\r")) }
            bytes.append(UInt8(ascii: "\n"))
            rest = rest[(end + 1)...]
        }
        return bytes.isEmpty ? text : String(decoding: bytes + rest, as: UTF8.self)
    }
}

extension RecordedItem {
    /// What is recorded of an event: what the console shows, and what it says besides.
    static func items(of event: SessionEvent, at moment: RunMoment) -> [RecordedItem] {
        let text = event.recordedText ?? ""
        let shown = text.isEmpty ? [] : [RecordedItem(.output, moment, text, isStream: true)]
        return shown + besides(event, moment)
    }

    static func item(ofDiagnostics text: String, at moment: RunMoment) -> RecordedItem {
        RecordedItem(.connection, moment, text, lead: RecordedLead.diagnostics, isStream: true)
    }

    static func item(ofBanner text: String, at moment: RunMoment) -> RecordedItem {
        RecordedItem(.connection, moment, text, lead: RecordedLead.banner)
    }

    private static func besides(_ event: SessionEvent, _ moment: RunMoment) -> [RecordedItem] {
        switch event {
        case .opened(let version): [RecordedItem(.connection, moment, "\(RecordedLead.opened)\(version)")]
        case .noise(let line): [RecordedItem(.connection, moment, line, lead: RecordedLead.noise)]
        case .foreign(let text): [RecordedItem(.connection, moment, text, lead: RecordedLead.foreign)]
        case .cut(let cutter, _): [RecordedItem(.connection, moment, cutter.text, lead: RecordedLead.blocks)]
        case .remark(let text): [RecordedItem(.connection, moment, text, lead: RecordedLead.remark)]
        case .stepBegan(let line): [RecordedItem(.marker, moment, StepMarker.text(firstLine: line))]
        case .input(let lines, _): [RecordedItem(.input, moment, lines.joined(separator: "\n"))]
        case .record(let record): [item(of: record, moment)]
        // The output is the entry's own, and the steps have events of theirs: neither is put twice.
        case .stepEnded(let result):
            [RecordedItem(.step, moment, StepRecord(result, output: .none).json)]
        case .finished(let result): ending(of: result, at: moment)
        case .prompt, .text, .typed, .typedSecret, .question, .secret: []
        }
    }

    /// A console to which nothing came tells why, so that it does not play empty.
    private static func ending(of result: TargetResult, at moment: RunMoment) -> [RecordedItem] {
        let record = TargetRecord(result, output: .none)
        let text = result.hasSentNothing ? TerminalText.withoutColors(record.consoleText()) : ""
        var told = RecordedItem(.output, moment, text, isStream: true)
        told.isOwn = true
        return (text.isEmpty ? [] : [told]) + [RecordedItem(.exit, moment, record.json)]
    }

    private static func item(of record: SessionRecord, _ moment: RunMoment) -> RecordedItem {
        switch record {
        case .error(let error):
            let recorded = RecordedError(
                message: error.message,
                errorID: error.fullyQualifiedErrorID,
                category: error.category,
                reason: error.reason
            )
            return RecordedItem(.error, moment, recorded.json)
        case .errorLine(let line): return RecordedItem(.error, moment, line)
        case .stream(let stream, let value):
            // A record's message where it is that plain, else the whole of it as JSON.
            if let message = value["InformationalRecord_Message"]?.text {
                return RecordedItem(code(of: stream), moment, message)
            }
            return RecordedItem(code(of: stream), moment, RecordedValue.json(value))
        case .output(let value): return RecordedItem(.object, moment, RecordedValue.json(value))
        case .hostCall(let method, let detail):
            return RecordedItem(.information, moment, detail, lead: RecordedLead.of(method.wireName))
        case .other(let type, let value):
            return RecordedItem(.connection, moment, ValueText.text(of: value), lead: RecordedLead.of("\(type)"))
        }
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
