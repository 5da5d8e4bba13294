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
        try forEachCheckedLine(of: entry) { line, number throws(RecordingError) in
            do throws(CastError) {
                guard let (time, code) = try reader.read(line, number: number) else { return }
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
