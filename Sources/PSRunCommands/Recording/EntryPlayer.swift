import ConsoleText
import Recording
import RecordingFormat
import Replay

/// Plays entries, one after the other, to a console: what a console showed, and nothing that a far side could do to the
/// operator's terminal.
struct EntryPlayer {
    /// nil plays at once.
    var pace: ReplayPace?
    let console: VerbConsole
    /// Entries so far whose session was cut off with psrun.
    private(set) var truncated = 0
    private var atLineStart = true
    private var style = CarriedStyle()

    init(pace: ReplayPace?, console: VerbConsole) {
        self.pace = pace
        self.console = console
    }

    /// - Returns: false where nobody reads what is written any more.
    mutating func play(
        _ entry: IndexedEntry,
        of recording: SealedRecording,
        heading: String?
    ) throws(RecordingError) -> Bool {
        pace?.restart()
        style = CarriedStyle()
        atLineStart = true
        if let heading, !show("==> \(heading) <==\n") { return false }
        var isRead = true
        try recording.forEachLine(of: entry) { line, number throws(RecordingError) in
            guard CastLine.code(of: line).map(Self.isPlayed) ?? false else { return true }
            do throws(CastError) {
                guard case .event(let event) = try CastLine(decoding: line, number: number) else { return true }
                isRead = take(event)
            } catch {
                throw recording.damage(error, in: entry)
            }
            return isRead
        }
        return isRead && (atLineStart || show("\n"))
    }

    private static func isPlayed(_ code: RecordedCode) -> Bool {
        code == .output || code == .exit
    }

    private mutating func take(_ event: RecordedEvent) -> Bool {
        guard event.code == .output else {
            if TargetRecord(parsing: event.data.utf8)?.isTruncated == true { truncated += 1 }
            return true
        }
        if let due = pace?.due(event.time) { console.pause(due) }
        let text = TerminalText.presentable(event.data, colored: console.colored)
        if !text.isEmpty { atLineStart = text.utf8.last == 0x0A }
        return show(style.enclosed(text))
    }

    private func show(_ text: String) -> Bool {
        text.isEmpty || console.write(text)
    }
}
