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
    private var ending = SessionEnding()

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
        ending = SessionEnding()
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
        code == .exit || SessionEnding.isWanted(code)
    }

    private mutating func take(_ event: RecordedEvent) -> Bool {
        ending.take(event)
        guard event.code == .output else { return event.code == .exit ? end(event) : true }
        if let due = pace?.due(event.time) { console.pause(due) }
        let text = TerminalText.presentable(event.data, colored: console.colored)
        if !text.isEmpty { atLineStart = text.utf8.last == 0x0A }
        return show(style.enclosed(text))
    }

    /// Says why a session is not well, behind what its console showed: on standard error, since no console showed that.
    private mutating func end(_ event: RecordedEvent) -> Bool {
        guard let result = TargetRecord(parsing: event.data.utf8) else { return true }
        if result.isTruncated { truncated += 1 }
        let words = ending.consoleText(of: result)
        guard !words.isEmpty else { return true }
        if !atLineStart, !show("\n") { return false }
        atLineStart = true
        for line in words.split(separator: "\n") {
            console.warn(TerminalText.presentable(String(line), colored: false))
        }
        return true
    }

    private func show(_ text: String) -> Bool {
        text.isEmpty || console.write(text)
    }
}
