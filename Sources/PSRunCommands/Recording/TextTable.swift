import ConsoleText

/// Rows of cells in columns as wide as they have to be, two blanks between them.
struct TextTable {
    private var rows: [[String]] = []
    private let rightAligned: Set<Int>

    init(rightAligned: Set<Int>) {
        self.rightAligned = rightAligned
    }

    mutating func add(_ row: [String]) {
        rows.append(row.map { TerminalText.presentable($0, colored: false) })
    }

    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? CellWidth.of($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - CellWidth.of(cell))
                return rightAligned.contains(column) ? blanks + cell : cell + blanks
            }
            let line = cells.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
        }
    }
}

/// A size as a person reads it: `512 B`, `20 KB`, `1.4 MB`, in powers of 1,000.
func readable(bytes: UInt64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(bytes / 1_000) KB"
    case ..<1_000_000_000: "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    default: "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB"
    }
}

/// A duration as a person reads it: `340 us`, `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 2 min`.
func readable(microseconds: Int64) -> String {
    switch microseconds {
    case ..<1_000: return "\(max(0, microseconds)) us"
    case ..<1_000_000: return "\(microseconds / 1_000) ms"
    case ..<60_000_000: return "\(microseconds / 1_000_000).\(microseconds / 100_000 % 10) s"
    case ..<3_600_000_000: return "\(microseconds / 60_000_000) min \(microseconds / 1_000_000 % 60) s"
    default: return "\(microseconds / 3_600_000_000) h \(microseconds / 60_000_000 % 60) min"
    }
}
