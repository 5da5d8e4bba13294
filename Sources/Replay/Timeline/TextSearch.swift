import ConsoleText

/// Finds a pattern in a session's text, line by line, whatever colours lie between its characters.
package struct TextSearch {
    /// What was asked for, as it was typed.
    package let pattern: String
    private let ranges: (UnsafeBufferPointer<UInt8>) -> [Range<Int>]

    /// - Parameter ranges: all places of the pattern in a line without its end, in order, none of them empty.
    package init(_ pattern: String, ranges: @escaping (UnsafeBufferPointer<UInt8>) -> [Range<Int>]) {
        self.pattern = pattern
        self.ranges = ranges
    }

    /// All places in a line that may hold SGR sequences.
    func places(in line: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        let length = line.last == 0x0A ? line.count - 1 : line.count
        guard line.firstOffset(of: ControlSequence.escape, from: 0) != nil else {
            return ranges(UnsafeBufferPointer(rebasing: line[..<length]))
        }
        var plain: [UInt8] = []
        var offsets: [Int] = []
        var scanner = TextScanner(line, 0..<length)
        while case let start = scanner.offset, let token = scanner.next() {
            if case .style = token { continue }
            plain += line[start..<scanner.offset]
            offsets += start..<scanner.offset
        }
        return plain.withUnsafeBufferPointer(ranges).map { offsets[$0.lowerBound]..<offsets[$0.upperBound - 1] + 1 }
    }
}

extension Timeline {
    /// The first place of the pattern that begins behind `offset`.
    func firstPlace(of search: TextSearch, behind offset: Int) -> Range<Int>? {
        guard offset < text.count else { return nil }
        for line in line(at: max(0, offset))..<lines.count {
            if let place = places(of: search, inLine: line).first(where: { $0.lowerBound > offset }) { return place }
        }
        return nil
    }

    /// The last place of the pattern that begins before `offset`.
    func lastPlace(of search: TextSearch, before offset: Int) -> Range<Int>? {
        guard offset > 0 else { return nil }
        for line in (0...line(at: offset - 1)).reversed() {
            if let place = places(of: search, inLine: line).last(where: { $0.lowerBound < offset }) { return place }
        }
        return nil
    }

    private func places(of search: TextSearch, inLine line: Int) -> [Range<Int>] {
        let start = lines[line]
        let end = line + 1 < lines.count ? lines[line + 1] : text.count
        return text.withUnsafeBufferPointer { text in
            search.places(in: UnsafeBufferPointer(rebasing: text[start..<end]))
        }.map { $0.lowerBound + start..<$0.upperBound + start }
    }

    /// Where a screen of so many rows may end that shows this place: the text's end, or else about half a screen below.
    func viewEnd(showing place: Range<Int>, end: Int, columns: Int, rows: Int) -> Int {
        var line = line(at: place.lowerBound)
        let last = self.line(at: end)
        var below = rowCount(from: place.lowerBound, inLine: line, end: end, columns: columns)
        guard below <= rows / 2 || line == last && below < rows else { return place.upperBound }
        while line < last {
            let next = rowCount(from: lines[line + 1], inLine: line + 1, end: end, columns: columns)
            // The line end belongs to the line, and would bring an empty row with it.
            guard below + next <= max(1, rows / 2) else { return lines[line + 1] - 1 }
            below += next
            line += 1
        }
        return end
    }

    private func rowCount(from start: Int, inLine line: Int, end: Int, columns: Int) -> Int {
        let lineEnd = line + 1 < lines.count ? min(end, lines[line + 1]) : end
        var work = 0
        return text.withUnsafeBufferPointer { rowCount(of: start..<max(start, lineEnd), $0, max(1, columns), &work) }
    }
}
