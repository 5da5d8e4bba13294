import ConsoleText

/// Lays lines out in rows, and makes the bytes that paint them.
struct RowLayout {
    private var cells: CellCursor
    private var style: TextStyle
    private var isMarked = false
    /// What the row painted so far leaves the terminal in.
    private var painted = TextStyle.plain
    private var row: [UInt8] = []
    private var rows: [[UInt8]] = []
    private var isFirstLine = true
    private var work = 0
    /// Characters without a cell of their own since the last one that has one.
    private var joined = 0
    /// No text that is written in earnest has more of them (UAX #15, section 13).
    private static let mostJoined = 30

    init(columns: Int, style: TextStyle) {
        cells = CellCursor(columns: columns)
        self.style = style
    }

    /// Adds a line, with or without its line end.
    /// - Parameter marked: ranges of bytes, from the line's beginning, that are shown inversely; in order.
    mutating func put(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, marked: [Range<Int>]) {
        if !isFirstLine { endRow() }
        isFirstLine = false
        var marks = marked[...]
        var scanner = TextScanner(text, range)
        while case let start = scanner.offset, let token = scanner.next() {
            work += 1
            while let mark = marks.first, mark.upperBound <= start - range.lowerBound { marks.removeFirst() }
            isMarked = marks.first.map { $0.contains(start - range.lowerBound) } ?? false
            switch token {
            case .lineEnd: break
            case .style(let parameters): style.apply(UnsafeBufferPointer(rebasing: text[parameters]))
            case .tab: blank(cells.tab())
            case .character(let width):
                if cells.put(width) { breakRow() }
                joined = width == 0 ? joined + 1 : 0
                // Nothing is there that it could join, or too much.
                if width == 0 && (cells.column == 0 || joined > Self.mostJoined) { continue }
                paint(isMarked ? style.inverted : style)
                row += text[start..<scanner.offset]
            }
        }
        isMarked = false
    }

    /// The last so many rows.
    func screen(rows count: Int, work before: Int) -> Screen {
        let all = rows + [row]
        let shown = Array(all.suffix(count))
        return Screen(
            rows: shown,
            cursorRow: shown.count - 1,
            cursorColumn: min(cells.column, cells.columns - 1),
            work: work + before
        )
    }

    /// A tab leaves the cells that it passes as they were: blank.
    private mutating func blank(_ count: Int) {
        paint(.plain)
        row += repeatElement(0x20, count: count)
    }

    private mutating func paint(_ style: TextStyle) {
        // Nothing is hidden from whoever looks.
        var wanted = style
        wanted.attributes.remove(.hidden)
        guard painted != wanted else { return }
        row += wanted.sequence
        painted = wanted
    }

    private mutating func endRow() {
        breakRow()
        cells.beginRow()
    }

    private mutating func breakRow() {
        rows.append(row)
        row = []
        painted = .plain
    }
}

extension TextStyle {
    /// The same, to stand out.
    fileprivate var inverted: TextStyle {
        var style = self
        style.attributes.formSymmetricDifference(.inverse)
        return style
    }
}
