import ConsoleText

/// A run's progress in one line: what matters most stays where there is little room.
extension RunProgress {
    private struct Part {
        let text: String
        /// What has a smaller number is left out later.
        let rank: Int
        /// Whether its end may be cut off.
        var isCuttable = false
    }

    /// From so many seconds on the slowest target is named.
    private static let slow = 1
    /// A cuttable part is left out where it gets less room than this, in cells.
    private static let leastCells = 12

    /// The line, in `columns` cells at most; empty where there are none.
    package func line(at now: Duration, columns: Int) -> String {
        var room = columns
        var shown: [(place: Int, text: String)] = []
        for (place, part) in parts(at: now).enumerated().sorted(by: { $0.element.rank < $1.element.rank }) {
            let separator = shown.isEmpty ? 0 : 2
            let text = TerminalText.presentable(part.text, colored: false)
            let cells = CellWidth.of(text)
            if cells + separator <= room {
                shown.append((place, text))
                room -= cells + separator
            } else if part.isCuttable, room >= Self.leastCells + separator || shown.isEmpty {
                let cut = Self.cut(text, to: room - separator)
                shown.append((place, cut))
                room -= CellWidth.of(cut) + separator
            }
        }
        return shown.sorted { $0.place < $1.place }.map(\.text).joined(separator: ", ")
    }

    private func parts(at now: Duration) -> [Part] {
        var parts = [Part(text: "\(done)/\(targets) done", rank: 0, isCuttable: true)]
        if notWell > 0 { parts.append(Part(text: "\(notWell) failed", rank: 1)) }
        if !running.isEmpty { parts.append(Part(text: "\(running.count) running", rank: 3)) }
        if let rate = rate(at: now) {
            parts.append(Part(text: "\(Self.rounded(rate))/s", rank: 6))
            if done < targets, rate > 0 {
                let left = Double(targets - done) / rate
                parts.append(Part(text: "\(Self.time(seconds: Int(min(left, 359_999)))) left", rank: 4))
            }
        }
        let asked = asked
        if let first = asked.first {
            let more = asked.count > 1 ? " and \(asked.count - 1) more" : ""
            parts.append(Part(text: "waiting for you: \(first)\(more)", rank: 2, isCuttable: true))
        }
        if let slowest {
            let seconds = Int((now - slowest.began) / .seconds(1))
            let phase = slowest.phase.isEmpty ? "" : "\(slowest.phase), "
            if seconds >= Self.slow {
                parts.append(Part(text: "slowest \(slowest.name) (\(phase)\(seconds) s)", rank: 5, isCuttable: true))
            }
        }
        return parts
    }

    /// `0.4`, `12`.
    private static func rounded(_ rate: Double) -> String {
        let tenths = Int((min(rate, 1e6) * 10).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
    }

    /// `0:42`, `12:03`, `1:02:03`.
    private static func time(seconds: Int) -> String {
        func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        let end = padded(seconds % 60)
        return hours > 0 ? "\(hours):\(padded(minutes)):\(end)" : "\(minutes):\(end)"
    }

    /// A text's beginning and `…`, in so many cells.
    private static func cut(_ text: String, to cells: Int) -> String {
        guard cells > 0 else { return "" }
        var (kept, left) = ("", cells - 1)
        for character in text {
            let width = CellWidth.of(String(character))
            guard width <= left else { break }
            kept.append(character)
            left -= width
        }
        return kept + "…"
    }
}
