import ConsoleText
import Files
import Glibc
import PSRunCommandLine
import Patterns
import Recording
import RecordingFormat
import Replay
import Terminals

/// Plays entries at a terminal for a person who can pause, seek and search.
struct InteractiveReplay {
    let recording: SealedRecording
    /// At least one.
    let entries: [IndexedEntry]
    let speed: Double
    /// In nanoseconds.
    let idleLimit: UInt64?
    let colored: Bool
    /// How long a key that begins like another may take to become it.
    private static let escapeTime: UInt64 = 50_000_000

    /// - Returns: `allWell`, or the signal that ended it. The terminal is as it was before.
    func run(_ terminal: PlayerTerminal) throws(RecordingError) -> ExitCode {
        defer { terminal.leave() }
        var place = 0
        while true {
            var player = try player(at: place, terminal)
            terminal.enter()
            switch watch(&player, terminal) {
            case .over(let ending): return ending
            case .target(let step): place = min(max(place + step, 0), entries.count - 1)
            }
        }
    }

    private enum Leaving {
        case over(ExitCode)
        case target(Int)
    }

    private func player(at place: Int, _ terminal: PlayerTerminal) throws(RecordingError) -> Player {
        let entry = entries[place]
        let size = terminal.size
        return Player(
            try recording.timeline(of: entry, colored: colored),
            labels: StatusLine.Labels(
                target: TerminalText.presentable(entry.target, colored: false),
                number: entries.count > 1 ? "\(place + 1)/\(entries.count)" : nil,
                warning: recording.manifest.recovered ? "recovered" : nil
            ),
            columns: size.columns,
            rows: size.rows,
            speed: speed,
            idleLimit: idleLimit,
            now: monotonicNanoseconds(),
            makeSearch: Self.search
        )
    }

    private func watch(_ player: inout Player, _ terminal: PlayerTerminal) -> Leaving {
        var decoder = KeyDecoder()
        while true {
            player.tick(now: monotonicNanoseconds())
            guard terminal.write(player.frame()) else { return .over(.allWell) }
            let happening = terminal.wait(decoder.isUndecided ? Self.escapeTime : player.untilTick)
            var keys: [Key] = []
            switch happening {
            case .keys(let bytes): keys = decoder.receive(bytes)
            case .nothing: keys = decoder.flush()
            case .closed: return .over(.allWell)
            case .signal(let number):
                switch number {
                case SIGWINCH: resize(&player, terminal)
                case SIGTSTP: suspend(&player, terminal)
                case SIGCONT: resume(&player, terminal)
                default: return .over(.signal(number))
                }
            }
            for key in keys {
                player.press(key, now: monotonicNanoseconds())
                switch player.takeRequest() {
                case .quit: return .over(.allWell)
                case .interrupt: return .over(.signal(SIGINT))
                case .suspend: suspend(&player, terminal)
                case .nextTarget: if entries.count > 1 { return .target(1) }
                case .previousTarget: if entries.count > 1 { return .target(-1) }
                case nil: break
                }
            }
        }
    }

    private func resize(_ player: inout Player, _ terminal: PlayerTerminal) {
        let size = terminal.size
        player.resize(columns: size.columns, rows: size.rows)
    }

    private func suspend(_ player: inout Player, _ terminal: PlayerTerminal) {
        terminal.suspend()
        resume(&player, terminal)
    }

    /// Whoever had the terminal in the meantime may have left anything on it.
    private func resume(_ player: inout Player, _ terminal: PlayerTerminal) {
        terminal.leave()
        terminal.enter()
        player.rest(until: monotonicNanoseconds())
        resize(&player, terminal)
    }

    /// A regular expression, which takes either case where it has no capital letter.
    private static func search(_ text: String) -> Result<TextSearch, SearchProblem> {
        do throws(PatternError) {
            let matcher = PatternMatcher(
                try Pattern(text, options: text.contains(where: \.isUppercase) ? [] : .ignoreCase)
            )
            return .success(
                TextSearch(text) { line in
                    // A line that takes too many steps has no place that could be shown.
                    let places = try? matcher.matches(in: UnsafeRawBufferPointer(line))
                    return places?.filter { !$0.isEmpty } ?? []
                }
            )
        } catch {
            return .failure(SearchProblem(message: "No pattern: \(error.message)"))
        }
    }
}
