import ConsoleText
import Recording
import RecordingFormat
import Replay

extension SealedRecording {
    /// What an index says of an entry's length is believed that far before the entry is read.
    private static let expectedBytes: UInt64 = 64 << 20

    /// An entry's session, checked: all of it is read, and none of it is shown before it is known to be what was sealed.
    func timeline(of entry: IndexedEntry, colored: Bool) throws(RecordingError) -> Timeline {
        var timeline = Timeline(expecting: Int(min(entry.length, Self.expectedBytes)), colored: colored)
        var reader = CastEventReader()
        var ending = SessionEnding()
        try forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            do throws(CastError) {
                guard let (time, code) = try reader.read(line, number: number) else { return }
                switch code {
                case .step, .exit:
                    let event = RecordedEvent(
                        time: time,
                        code: code,
                        data: String(decoding: reader.text, as: UTF8.self)
                    )
                    if code == .exit { timeline.end(event, ending) } else { ending.take(event) }
                default: ending.note(code)
                }
                switch code {
                case .output: reader.text.withUnsafeBufferPointer { timeline.append($0, at: time) }
                case .marker: timeline.beginStep(String(decoding: reader.text, as: UTF8.self), at: time)
                case .input: timeline.nameStep(String(decoding: reader.text, as: UTF8.self), at: time)
                default: timeline.pass(time)
                }
            } catch {
                throw damage(error, in: entry)
            }
        }
        return timeline
    }
}

extension Timeline {
    /// Shows why a session is not well, behind all that its console showed.
    fileprivate mutating func end(_ event: RecordedEvent, _ ending: SessionEnding) {
        guard let result = TargetRecord(parsing: event.data.utf8) else { return }
        // A far side's words in it bring no colours along.
        let text = TerminalText.presentable(ending.consoleText(of: result), colored: false)
        guard !text.isEmpty else { return }
        let lines = (isAtLineStart ? "" : "\r\n") + text.split(separator: "\n").map { $0 + "\r\n" }.joined()
        Array(lines.utf8).withUnsafeBufferPointer { append($0, at: event.time) }
    }
}
