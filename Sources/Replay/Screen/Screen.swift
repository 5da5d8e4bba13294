import ConsoleText

/// What a terminal shows of a session at a moment, row by row.
package struct Screen: Sendable, Hashable {
    /// The bytes that paint each row from its first cell on, styles included; as many as there are rows, or fewer where
    /// the text is shorter.
    package var rows: [[UInt8]] = []
    /// Where the next character would go, from 0.
    package var cursorRow = 0
    package var cursorColumn = 0
    /// Characters and sequences that were looked at to make it.
    package var work = 0
}

extension Timeline {
    /// The last rows of the text up to `end`, laid out as a terminal of that size would have done.
    ///
    /// Nothing before the lines that are seen is looked at: what it costs depends on the size of the screen, and on
    /// `longestLine` and `linesPerMark`, but not on the session.
    /// - Parameter search: its places are to stand out.
    package func screen(
        end: Int,
        columns: Int,
        rows: Int,
        search: TextSearch? = nil
    ) -> Screen {
        let columns = max(1, columns)
        let rows = max(1, rows)
        return text.withUnsafeBufferPointer { text in
            let last = line(at: end)
            var work = 0
            var first = last
            var found = rowCount(of: lines[last]..<end, text, columns, &work)
            while found < rows, first > 0 {
                first -= 1
                found += rowCount(of: lines[first]..<lines[first + 1], text, columns, &work)
            }
            var layout = RowLayout(columns: columns, style: style(atLine: first))
            for line in first...last {
                let range = lines[line]..<(line < last ? lines[line + 1] : end)
                layout.put(text, range, marked: search?.places(in: UnsafeBufferPointer(rebasing: text[range])) ?? [])
            }
            return layout.screen(rows: rows, work: work)
        }
    }

    /// How many rows a line takes; its line end begins none.
    func rowCount(
        of range: Range<Int>,
        _ text: UnsafeBufferPointer<UInt8>,
        _ columns: Int,
        _ work: inout Int
    ) -> Int {
        var scanner = TextScanner(text, range)
        var cells = CellCursor(columns: columns)
        var rows = 1
        while let token = scanner.next() {
            work += 1
            switch token {
            case .character(let width): if cells.put(width) { rows += 1 }
            case .tab: _ = cells.tab()
            // A line that was broken for its length ends without one, and its row ends all the same.
            case .lineEnd, .style: break
            }
        }
        return rows
    }
}

/// Where the next character goes in a row of so many cells.
struct CellCursor {
    let columns: Int
    private(set) var column = 0

    init(columns: Int) {
        self.columns = columns
    }

    /// Puts a character of that width.
    /// - Returns: whether a new row begins with it.
    mutating func put(_ width: Int) -> Bool {
        guard column + width > columns, column > 0 else {
            column += width
            return false
        }
        column = width
        return true
    }

    /// Goes on to the next multiple of 8, or to the row's last cell; from a row that is full nowhere, so that what follows
    /// does not cover the last character.
    /// - Returns: how many cells it passes.
    mutating func tab() -> Int {
        let next = max(column, min(column / 8 * 8 + 8, columns - 1))
        defer { column = next }
        return next - column
    }

    mutating func beginRow() {
        column = 0
    }
}
