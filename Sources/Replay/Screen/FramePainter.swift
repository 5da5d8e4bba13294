/// Paints screens on a terminal: only the rows that differ from what is there. Each row is put in its place by itself, so
/// that nothing depends on how the terminal breaks or scrolls.
struct FramePainter {
    /// What the terminal shows; nil where that isn't known.
    private var painted: [[UInt8]]?
    private var cursor: (row: Int, column: Int) = (0, 0)

    /// - Parameter status: the last row, and where the cursor stands in it where it doesn't stand in the screen.
    /// - Returns: the bytes to send; none where all is there.
    mutating func paint(_ screen: Screen, status: (bytes: [UInt8], cursor: Int?)?, rows: Int) -> [UInt8] {
        var wanted = screen.rows
        wanted += repeatElement([], count: max(0, rows - wanted.count))
        if let status { wanted[rows - 1] = status.bytes }
        let place =
            status?.cursor.map { (row: rows - 1, column: $0) } ?? (row: screen.cursorRow, column: screen.cursorColumn)
        var bytes: [UInt8] = []
        for (index, row) in wanted.enumerated() where painted?[index] != row {
            // Erased first: a row that fills the terminal leaves the cursor in its last cell.
            bytes += "\u{1B}[\(index + 1);1H\u{1B}[0m\u{1B}[K".utf8
            bytes += row
        }
        guard !bytes.isEmpty || painted == nil || place != cursor else { return [] }
        let beginning = painted == nil ? "\u{1B}[0m\u{1B}[2J" : ""
        painted = wanted
        cursor = place
        // Synchronized output, where the terminal knows it, and no cursor that runs about.
        return Array("\u{1B}[?2026h\u{1B}[?25l\(beginning)".utf8) + bytes
            + Array("\u{1B}[0m\u{1B}[\(place.row + 1);\(place.column + 1)H\u{1B}[?25h\u{1B}[?2026l".utf8)
    }
}
