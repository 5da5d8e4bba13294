/// A playbook in blocks, as a PowerShell's own parser cuts it.
///
/// Nothing is read here but where parts begin and end: whole lines make the blocks, and no line is in two.
package struct PlaybookCut: Sendable, Hashable {
    package let blocks: [PlaybookBlock]
    /// In the parser's own order, which is not that of the text.
    package let problems: [SyntaxProblem]

    /// - Parameter parts: of the playbook's own text.
    package init(_ playbook: Playbook, parts: [CutPart], problems: [SyntaxProblem] = []) {
        let places = LinePlaces(playbook)
        self.problems = problems
        blocks = LineGroup.groups(of: parts, in: places).blocks(of: playbook, in: places)
    }

    /// Holds the blocks against the text: a line that they lack would be lost, or run where it does not belong.
    ///
    /// A text that is wrong as a whole has such lines, and no use for blocks.
    ///
    /// - Parameter parts: what they were made of.
    /// - Throws: CutError.notUsable, where a block holds nothing, or a line that is not one of comments is in none.
    package func check(_ playbook: Playbook, parts: [CutPart]) throws(CutError) {
        guard firstSyntaxError == nil else { return }
        try LinesLeftOut(playbook, parts).check(behind: blocks)
    }

    /// What makes the whole playbook wrong, whatever state the session is in: the first that the parser names.
    package var firstSyntaxError: SyntaxProblem? { problems.first { !$0.dependsOnState } }
}

/// Where the lines of a playbook begin, in UTF-16 units.
package struct LinePlaces: Sendable {
    /// One for each line; the first is 0.
    private var starts: [Int] = []
    /// Of the whole text.
    package private(set) var length = 0

    package init(_ playbook: Playbook) {
        starts.reserveCapacity(playbook.lines.count)
        for line in playbook.lines {
            starts.append(length)
            length += line.text.utf16.count + line.terminator.utf16.count
        }
    }

    /// The index of the line that an offset is on: the last that begins at or before it.
    package func line(at offset: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// Where the line of an index begins.
    func start(of line: Int) -> Int { starts[line] }

    /// The line and the column of an offset, both from 1.
    package func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = min(offset, length)
        let line = line(at: offset)
        return (line + 1, offset - starts[line] + 1)
    }

    /// How far an offset is from its line's beginning.
    func column(of offset: Int) -> Int { offset - starts[line(at: offset)] }
}
