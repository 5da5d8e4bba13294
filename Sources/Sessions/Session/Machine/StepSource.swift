import CLIXML
import PSRP
import Playbooks

/// What a step sends, and where it stands.
struct StepText: Sendable {
    /// The playbook's line numbers, from 1; 0 and 0 for the profile.
    var firstLine: Int
    var lastLine: Int
    var text: String
    /// Whether it is known that it cannot change `$?`.
    var isDeclaration = false

    init(firstLine: Int, lastLine: Int, text: String) {
        self.firstLine = firstLine
        self.lastLine = lastLine
        self.text = text
    }

    init(_ block: PlaybookBlock) {
        self.init(firstLine: block.firstLine, lastLine: block.lastLine, text: block.text)
        isDeclaration = block.isDeclaration
    }

    /// The playbook's line of a place that the far side's parser names.
    ///
    /// - Parameter line: of this text, from 1. A parser counts a lone CR as a line end, and a playbook does not.
    func playbookLine(ofParserLine line: Int) -> Int {
        var (parserLine, playbookLine) = (1, firstLine)
        var previous = UInt8(ascii: "\n")
        for byte in text.utf8 {
            if previous == UInt8(ascii: "\r"), byte != UInt8(ascii: "\n") { parserLine += 1 }
            guard parserLine < line else { break }
            if byte == UInt8(ascii: "\n") {
                parserLine += 1
                playbookLine += 1
            }
            previous = byte
        }
        return min(playbookLine, lastLine)
    }

    /// How messages call it.
    var place: String { Self.place(ofLine: firstLine) }

    static func place(ofLine line: Int) -> String { line == 0 ? "the profile" : "line \(line)" }

    /// What runs it.
    var request: PipelineRequest { .line(PSString(text)) }

    /// Its result where it is not sent.
    var notSent: StepResult { StepResult(firstLine: firstLine, lastLine: lastLine, text: text) }
}

/// Where steps come from: the profile where there is one, then the playbook's blocks.
///
/// The session knows nothing else of a playbook. How a block is cut is this type's matter alone.
struct StepSource: Sendable {
    /// A step, or what was added to one, with the lines that the console shows for it.
    struct Piece: Sendable {
        let step: StepText
        let shown: [String]
    }

    /// What comes of a block that the far side called incomplete.
    enum Growth: Sendable {
        case longer(Piece)
        /// It cannot become whole, and `why` says so in a sentence without its period.
        case never(Piece, why: String)
    }

    private enum Blocks: Sendable {
        /// Cut as the far side answers.
        case growing(PlaybookCursor)
        /// Cut already; these are to come.
        case cut(ArraySlice<PlaybookBlock>)
    }

    let playbook: Playbook
    /// The path that is to be dot-sourced first; nil where there is none, or where it was.
    private var profile: String?
    private var blocks: Blocks
    /// Whether the last step was a block of the playbook.
    private var isAtBlock = false
    private let rule: BlockRule
    /// The playbook's lines up to this one were shown.
    private var shownThrough = 0
    private let start: SessionStart
    private let maximumLines: Int
    /// What ran before; nil once it was given out.
    private var blocksRun: [PlaybookBlock]?
    private var language = PlaybookLanguage.powerShell
    /// A block of which some lines ran in an earlier run, and others did not: where it begins is not known.
    private(set) var straddling: PlaybookBlock?

    init(_ playbook: Playbook, _ options: SessionOptions) {
        self.playbook = playbook
        profile = options.profile
        rule = options.blockRule
        start = options.start
        maximumLines = options.maximumBlockLines
        blocks = .growing(
            PlaybookCursor(playbook, rule: rule, maximumLines: maximumLines, behind: start.through)
        )
    }

    /// Whether no block can turn out to be longer than it is.
    var isCut: Bool { if case .cut = blocks { true } else { false } }

    /// Takes what the far side is written in. To be called before the first step.
    mutating func farSide(speaks language: PlaybookLanguage) {
        guard case .growing(var cursor) = blocks else { return }
        cursor.language = language
        self.language = language
        blocks = .growing(cursor)
    }

    /// Takes the blocks from the far side's cut. To be called before the first step.
    mutating func take(_ cut: PlaybookCut) {
        let left = cut.blocks.drop { $0.lastLine <= start.through }
        blocks = .cut(left)
        if start.through > 0 { blocksRun = Array(cut.blocks[..<left.startIndex]) }
        if let first = left.first, first.firstLine <= start.through { straddling = first }
    }

    /// The results of the steps that ran in earlier runs, once.
    mutating func takeEarlier() -> [StepResult] {
        guard start.through > 0 else { return [] }
        let ran = blocksRun ?? linesRun
        blocksRun = []
        return ran.map { block in
            var result = StepText(block).notSent
            result.earlierRun = start.run(ofLine: block.lastLine)
            return result
        }
    }

    /// The lines that ran, one by one: nobody has cut them.
    private var linesRun: [PlaybookBlock] {
        var cursor = PlaybookCursor(playbook, rule: rule, maximumLines: maximumLines)
        cursor.language = language
        return cursor.remaining.filter { $0.lastLine <= start.through }
    }

    /// The next step; nil at the end.
    mutating func next() -> Piece? {
        if let path = profile {
            profile = nil
            let text = ". '" + Self.quoted(path) + "'"
            return Piece(step: StepText(firstLine: 0, lastLine: 0, text: text), shown: [text])
        }
        guard let block = nextBlock() else { return nil }
        isAtBlock = true
        shownThrough = block.lastLine
        return Piece(step: StepText(block), shown: block.lines.map(\.text))
    }

    private mutating func nextBlock() -> PlaybookBlock? {
        switch blocks {
        case .growing(var cursor):
            defer { blocks = .growing(cursor) }
            return cursor.next()
        case .cut(var rest):
            defer { blocks = .cut(rest) }
            return rest.popFirst()
        }
    }

    /// The step that `next` gave, made longer; nil where nothing can make it longer: the profile, and what is cut already.
    mutating func extend() -> Growth? {
        guard isAtBlock, case .growing(var cursor) = blocks else { return nil }
        defer { blocks = .growing(cursor) }
        switch cursor.extend() {
        case .longer(let block):
            var lines = newLines(of: block)
            if rule == .console {
                lines.append("")
                shownThrough += 1
            }
            return .longer(Piece(step: StepText(block), shown: lines))
        case .openAtEnd(let block):
            let why =
                "The block that line \(block.statementLine) opens is still open at the end of the playbook:"
                + " a quote, a bracket or a keyword is not closed"
            return .never(Piece(step: StepText(block), shown: newLines(of: block)), why: why)
        case .tooLong(let block):
            let why =
                "The block that line \(block.statementLine) opens is still open after \(block.lines.count) lines, and"
                + " --max-block allows no more"
            return .never(Piece(step: StepText(block), shown: newLines(of: block)), why: why)
        }
    }

    /// The results of the steps that were not given out. What was in doubt before still is.
    var remainingResults: [StepResult] {
        remaining.map { step in
            var result = step.notSent
            if let doubt = start.doubt, step.firstLine > 0, doubt.lines.overlaps(step.firstLine...step.lastLine) {
                result.outcome = .unknown
                result.earlierRun = doubt.run
            }
            return result
        }
    }

    /// The steps that were not given out. What is not cut yet is told line by line.
    private var remaining: [StepText] {
        let profile = profile.map { [StepText(firstLine: 0, lastLine: 0, text: ". '" + Self.quoted($0) + "'")] } ?? []
        switch blocks {
        case .growing(let cursor): return profile + cursor.remaining.map { StepText($0) }
        case .cut(let rest): return profile + rest.map { StepText($0) }
        }
    }

    private mutating func newLines(of block: PlaybookBlock) -> [String] {
        defer { shownThrough = block.lastLine }
        return block.lines.filter { $0.number > shownThrough }.map(\.text)
    }

    /// As the inside of a literal string: the only character that means something in it is the quote itself.
    private static func quoted(_ path: String) -> String {
        path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    }
}
