import ConsoleText

/// The terminal's last row: what is played, where, and how.
package struct StatusLine {
    /// What is told of the session besides its own.
    package struct Labels: Sendable, Hashable {
        package var target: String
        /// `2/3`, where there are several.
        package var number: String?
        /// `recovered`, where the recording is not whole.
        package var warning: String?

        package init(target: String, number: String?, warning: String?) {
            self.target = target
            self.number = number
            self.warning = warning
        }
    }

    /// The clock is painted that often, and nothing more often than the other, in nanoseconds.
    static let clockInterval: UInt64 = 100_000_000
    static let shortestFrame: UInt64 = 15_000_000

    private let text: String
    /// Whether the cursor stands behind the text.
    private let isPrompt: Bool

    init(_ player: Player) {
        isPrompt = if case .prompt = player.mode { true } else { false }
        switch player.mode {
        case .prompt(.seek, let typed): text = "Step or time: \(typed)"
        case .prompt(.search, let typed): text = "/\(typed)"
        case .help: text = " any key goes back to the session"
        case .session: text = " " + (player.message ?? Self.parts(player).joined(separator: "  "))
        }
    }

    private static func parts(_ player: Player) -> [String] {
        let timeline = player.timeline
        let playhead = player.playhead
        let isAtEnd = playhead.isAtEnd(timeline)
        var parts = [isAtEnd ? "end    " : player.isPlaying ? "playing" : "paused "]
        parts.append("\(clock(playhead.position))/\(clock(timeline.duration))")
        if let step = timeline.step(shown: playhead.shown, at: playhead.position) {
            parts.append("step \(step + 1)/\(timeline.steps.count)")
        } else if !timeline.steps.isEmpty {
            parts.append("step -/\(timeline.steps.count)")
        }
        parts.append(player.labels.target + (player.labels.number.map { " \($0)" } ?? ""))
        if playhead.speed != 1 { parts.append("x\(number(playhead.speed))") }
        if let warning = player.labels.warning { parts.append(warning.uppercased()) }
        parts.append("? help")
        if let step = timeline.step(shown: playhead.shown, at: playhead.position).map({ timeline.steps[$0] }) {
            parts.append(step.text.isEmpty ? step.label : "\(step.label): \(step.text)")
        }
        return parts
    }

    /// `0:12.3`, `1:02:03.4`.
    static func clock(_ nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        let seconds = tenths / 10
        let minutes = seconds / 60 % 60
        let padded = seconds / 3_600 > 0 && minutes < 10 ? "0\(minutes)" : "\(minutes)"
        let hours = seconds / 3_600 > 0 ? "\(seconds / 3_600):" : ""
        return "\(hours)\(padded):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60).\(tenths % 10)"
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { String($0) } ?? String(value)
    }

    /// The row's bytes, as wide as the terminal, and where the cursor stands in it, if it does.
    func painted(columns: Int) -> (bytes: [UInt8], cursor: Int?) {
        var row: [UInt8] = []
        var width = 0
        // Of what is typed the end is seen, of all else the beginning.
        var scalars = Array(text.unicodeScalars)
        if isPrompt {
            var total = scalars.reduce(0) { $0 + CellWidth.of($1) }
            while total >= columns, let first = scalars.first {
                total -= CellWidth.of(first)
                scalars.removeFirst()
            }
        }
        for scalar in scalars where scalar.value >= 0x20 {
            let cells = CellWidth.of(scalar)
            guard width + cells <= columns else { break }
            width += cells
            row += String(scalar).utf8
        }
        if isPrompt { return (row, min(width, columns - 1)) }
        row += repeatElement(0x20, count: columns - width)
        return (Array("\u{1B}[0;7m".utf8) + row, nil)
    }
}
