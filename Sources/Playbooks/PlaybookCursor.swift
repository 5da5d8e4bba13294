/// Goes through a playbook, block by block, as the far side answers.
///
/// Each `next` gives the shortest input that may be whole; each `extend` (the far side called it incomplete, so nothing of
/// it ran) a longer one from the same first line.
package struct PlaybookCursor: Sendable {
    /// What comes of a block that is not whole yet.
    package enum Extension: Sendable, Hashable {
        case longer(PlaybookBlock)
        /// The file ended; the block reaches to its end.
        case openAtEnd(PlaybookBlock)
        /// The block would have more lines than are allowed.
        case tooLong(PlaybookBlock)
    }

    private let lines: [PlaybookLine]
    private let rule: BlockRule
    private let maximumLines: Int
    /// The lines of the block that was given out last.
    private var current: Range<Int> = 0..<0

    /// - Parameter maximumLines: of one block.
    package init(_ playbook: Playbook, rule: BlockRule = .parser, maximumLines: Int = 2000) {
        lines = playbook.lines
        self.rule = rule
        self.maximumLines = maximumLines
    }

    /// The block behind the last one, blank lines passed over; nil at the end of the file.
    package mutating func next() -> PlaybookBlock? {
        guard let start = lines[current.upperBound...].firstIndex(where: { !$0.isBlank }) else {
            current = lines.count..<lines.count
            return nil
        }
        current = start..<reach(from: start + 1)
        return block
    }

    /// The last block with the lines that the rule adds to it.
    package mutating func extend() -> Extension {
        precondition(!current.isEmpty, "there is a block to extend")
        let end: Int
        switch rule {
        case .parser:
            guard current.upperBound < lines.count else { return .openAtEnd(block) }
            end = reach(from: current.upperBound + 1)
        case .console:
            // The blank line that closed the block so far, where there is one, is a line of the text like any other.
            let searched = current.upperBound < lines.count && lines[current.upperBound].isBlank
            guard
                let blank = lines[min(current.upperBound + (searched ? 1 : 0), lines.count)...]
                    .firstIndex(where: \.isBlank)
            else {
                current = current.lowerBound..<lines.count
                return .openAtEnd(block)
            }
            end = blank
        }
        guard end - current.lowerBound <= maximumLines else {
            current = current.lowerBound..<min(current.lowerBound + maximumLines, lines.count)
            return .tooLong(block)
        }
        current = current.lowerBound..<end
        return .longer(block)
    }

    /// What was not given out yet: each line that is not blank, as a block of its own.
    package var remaining: [PlaybookBlock] {
        lines[current.upperBound...].indices.filter { !lines[$0].isBlank }.map {
            PlaybookBlock(lines: lines[$0...$0])
        }
    }

    private var block: PlaybookBlock { PlaybookBlock(lines: lines[current]) }

    /// Where a block that has every line before `end` ends, once the lines that look back are taken in.
    private func reach(from end: Int) -> Int {
        guard rule == .parser else { return end }
        var end = end
        while let candidate = lines[end...].firstIndex(where: { !$0.isBlank && !$0.isComment }),
            lines[candidate].continuesPrecedingLine
        {
            end = candidate + 1
        }
        return end
    }
}
