/// Goes through a playbook, block by block, as the far side answers.
///
/// Each `next` gives the shortest input that may be whole; each `extend` (the far side called it incomplete, so nothing of
/// it ran) a longer one from the same first line. Comments go with the block behind them.
package struct PlaybookCursor: Sendable {
    /// What comes of a block that is not whole yet.
    package enum Extension: Sendable, Hashable {
        case longer(PlaybookBlock)
        /// The file ended; the block reaches to its end.
        case openAtEnd(PlaybookBlock)
        /// The block would have more lines than are allowed.
        case tooLong(PlaybookBlock)
    }

    /// What the far side's parser reads, to be told before the first block.
    package var language = PlaybookLanguage.powerShell

    private let lines: [PlaybookLine]
    private let rule: BlockRule
    private let maximumLines: Int
    /// Where texts end for the far side's parser; made with the first block.
    private var trials: (any TrialRule)?
    /// The lines of the block that was given out last.
    private var current: Range<Int> = 0..<0

    /// - Parameters:
    ///   - maximumLines: of one block.
    ///   - through: the line behind which it begins.
    package init(
        _ playbook: Playbook,
        rule: BlockRule = .incremental,
        maximumLines: Int = 2000,
        behind through: Int = 0
    ) {
        lines = playbook.lines
        self.rule = rule
        self.maximumLines = maximumLines
        let first = min(through, lines.count)
        current = first..<first
    }

    /// The block behind the last one, blank lines passed over; nil at the end of the file, and by the parser's rule also
    /// where only comments are left.
    package mutating func next() -> PlaybookBlock? {
        guard let start = lines[current.upperBound...].firstIndex(where: { !$0.isBlank }),
            let end = firstEnd(from: start)
        else {
            current = lines.count..<lines.count
            return nil
        }
        current = start..<end
        return block
    }

    /// The last block with the lines that the rule adds to it.
    package mutating func extend() -> Extension {
        precondition(!current.isEmpty, "there is a block to extend")
        guard let end = nextEnd(from: current.upperBound) else {
            if rule == .console { current = current.lowerBound..<lines.count }
            return .openAtEnd(block)
        }
        guard end - current.lowerBound <= maximumLines else {
            current = current.lowerBound..<min(current.lowerBound + maximumLines, lines.count)
            return .tooLong(block)
        }
        current = current.lowerBound..<end
        return .longer(block)
    }

    /// What was not given out yet: each line that is not blank, as a block of its own; by the parser's rule comment lines are
    /// left out as well.
    package var remaining: [PlaybookBlock] {
        let trials = trials ?? makeTrials()
        var blocks: [PlaybookBlock] = []
        var index = current.upperBound
        while let next = rule == .console ? nextText(from: index) : trials.next(from: index) {
            blocks.append(PlaybookBlock(lines: lines[next...next]))
            index = next + 1
        }
        return blocks
    }

    private var block: PlaybookBlock {
        PlaybookBlock(lines: lines[current], statementLine: trials.map { lines[$0.opening].number })
    }

    private func nextText(from start: Int) -> Int? { lines[start...].firstIndex { !$0.isBlank } }

    private mutating func firstEnd(from start: Int) -> Int? {
        guard rule != .console else { return start + 1 }
        var trials = trials ?? makeTrials()
        defer { self.trials = trials }
        return trials.firstEnd(from: start)
    }

    private func makeTrials() -> any TrialRule {
        switch language {
        case .powerShell: PowerShellTrials(lines)
        case .posixShell: ShellTrials(lines)
        }
    }

    /// Nil where the file ends.
    private mutating func nextEnd(from end: Int) -> Int? {
        guard rule == .console else { return trials?.nextEnd(from: end) }
        // The blank line that closed the block so far, where there is one, is a line of the text like any other.
        let searched = end < lines.count && lines[end].isBlank
        return lines[min(end + (searched ? 1 : 0), lines.count)...].firstIndex(where: \.isBlank)
    }
}
