import ConsoleText
import RecordingFormat

/// One session's steps as the items of a list, each piece with its time in microseconds.
struct PageSteps {
    let session: ExportedSession
    private var assembler = StepAssembler()
    private var count = 0
    /// Whether no line of the session was sent, which is told in its head.
    private let isUnsent: Bool
    /// Bytes of one step's output that stand in the page; a longer one is left out, with a word.
    private let mostOutput: Int
    /// What was left out, in bytes of output.
    private(set) var leftOut: [Int] = []
    /// The streams' letters, as the page's classes have them.
    private(set) var streams: Set<String> = []
    /// The bytes of all outputs.
    private(set) var outputs: [Int] = []

    init(session: ExportedSession, isUnsent: Bool = false, mostOutput: Int = .max) {
        self.session = session
        self.isUnsent = isUnsent
        self.mostOutput = mostOutput
    }

    /// The entry's own hash, once its last line was taken.
    var hash: String? { assembler.hash }

    /// - Returns: the item of a step that is complete now.
    mutating func take(_ event: RecordedEvent) -> PageNode? { assembler.take(event).flatMap { item(of: $0) } }

    /// - Returns: the item of what is left at the session's end.
    mutating func finish() -> PageNode? { assembler.finish().flatMap { item(of: $0) } }

    /// What a page counts as a step's output: all that is not the prompt and what was typed.
    private static func outputBytes(of step: RecordedStep) -> Int {
        step.pieces.reduce(0) { $0 + ($1.isOutput ? $1.text.utf8.count : 0) }
    }

    private mutating func item(of step: RecordedStep) -> PageNode? {
        let isStep = step.isStep
        var step = step
        if isUnsent {
            guard !isStep else { return nil }
            step.pieces.removeAll(where: \.isScreen)
        }
        guard isStep || !step.pieces.isEmpty else { return nil }
        count += 1
        let id = "s\(session.number)-\(count)"
        let time = step.time / 1_000
        let kind = isStep ? PageHead.kind(step.outcome) : "aside"
        let end = max(step.pieces.last?.time ?? 0, step.ended ?? 0) / 1_000
        var attributes = [
            ("class", "step \(kind)\(step.outcome == .notSent ? " unsent" : "")"), ("id", id), ("data-t", "\(time)"),
            ("data-e", "\(max(time, end))"),
        ]
        if isStep, let line = step.line { attributes.append(("data-l", "\(line)")) }
        var children: [PageNode] = []
        if isStep { children = head(of: step, id: id) }
        let missing = Self.outputBytes(of: step)
        outputs.append(missing)
        if missing > mostOutput {
            step.pieces.removeAll(where: \.isOutput)
            leftOut.append(missing)
        }
        for piece in step.pieces { if let letter = piece.stream { streams.insert(letter) } }
        if !step.pieces.isEmpty || !step.text.isEmpty {
            let pieces = self.pieces(of: step, at: time)
            children.append(.element("pre", [], pieces))
        }
        if missing > mostOutput { children.append(Self.word(ofMissing: missing)) }
        return .element("li", attributes, children)
    }

    private static func word(ofMissing bytes: Int) -> PageNode {
        let words =
            "Its output of \(PageSize.text(bytes)) is left out: the page would be too large. "
            + "psrun show or psrun export with --host has it."
        return .element("p", [("class", "notice left-out")], [.text(words)])
    }

    private func head(of step: RecordedStep, id: String) -> [PageNode] {
        var parts: [PageNode] = []
        func add(_ name: String, _ classes: String?, _ children: [PageNode]) {
            if !parts.isEmpty { parts.append(.text(" ")) }
            parts.append(.element(name, classes.map { [("class", $0)] } ?? [], children))
        }
        let title = step.title.prefix(1).uppercased() + step.title.dropFirst()
        parts.append(
            .element("a", [("class", "number"), ("href", "#\(id)")], [.element("bdi", [], [.plain(title)])])
        )
        add("span", "badge \(PageHead.kind(step.outcome))", [.plain(PageHead.words(step.outcome))])
        if step.outcome != .notSent { add("span", nil, [.text("at \(Self.seconds(step.time)) s")]) }
        if let microseconds = step.microseconds {
            add("span", "took", [.text("took \(RunFacts.duration(microseconds: microseconds))")])
        }
        if let remark = step.result.remark { add("span", "took", [.plain(remark)]) }
        if let message = step.result.failure?.message { add("span", "took", [.plain(message)]) }
        if let code = step.result.lastExitCode, code != 0 {
            add("span", "took", [.text("last exit code \(code)")])
        }
        add("span", "tools", [])
        return [.element("div", [("class", "head")], parts), .lineEnd]
    }

    /// Pieces of one stream that came within a millisecond are one.
    private func pieces(of step: RecordedStep, at time: UInt64) -> [PageNode] {
        guard !step.pieces.isEmpty else {
            return [.element("span", [("class", "i"), ("data-t", "\(time)")], [.plain(step.text), .text("\n")])]
        }
        var style = TextStyle.plain
        var nodes: [PageNode] = []
        var open: (classes: String, time: UInt64)?
        var attributes: [(String, String)] = []
        var children: [PageNode] = []
        func close() {
            if open != nil { nodes.append(.element("span", attributes, children)) }
            open = nil
            children = []
        }
        for piece in step.pieces {
            let classes = piece.classes
            if let last = open, last.classes != classes || piece.time > last.time + 1_000_000 || piece.isUnseen {
                close()
            }
            if open == nil {
                attributes = [("class", classes)]
                if case .unseen(let code) = piece.kind { attributes.append(("data-name", code.streamName)) }
                attributes.append(("data-t", "\(piece.time / 1_000)"))
                open = (classes, piece.time)
            }
            switch piece.kind {
            case .input: children += [.plain(piece.text), .text("\n")]
            case .unseen: children += [.plain(RecordedText.summary(of: piece.text)), .text("\n")]
            case .prompt, .shown: children += HTMLText.styled(piece.text, style: &style)
            }
        }
        close()
        return nodes
    }

    /// `12.34`.
    private static func seconds(_ nanoseconds: UInt64) -> String {
        let hundredths = nanoseconds / 10_000_000
        return "\(hundredths / 100).\(String(100 + hundredths % 100).dropFirst())"
    }
}

extension RecordedStep {
    /// Where it begins in the playbook, from 1; 0 for the profile.
    fileprivate var line: Int64? {
        result.firstLine ?? marker.flatMap { $0 == StepMarker.text(firstLine: 0) ? 0 : StepMarker.firstLine(in: $0) }
    }
}

extension StepPiece {
    fileprivate var isUnseen: Bool {
        if case .unseen = kind { true } else { false }
    }

    fileprivate var isOutput: Bool {
        switch kind {
        case .prompt, .input: false
        case .shown, .unseen: true
        }
    }

    /// Its stream's letter; nil for what is not answered.
    fileprivate var stream: String? {
        switch kind {
        case .prompt, .input: nil
        case .shown(let code), .unseen(let code): code.letter
        }
    }

    /// The page's classes for it: the stream's letter, and `u` for what no console showed.
    fileprivate var classes: String {
        switch kind {
        case .prompt: "p"
        case .input: "i"
        case .shown(let code): code.letter
        case .unseen(let code): "u \(code.letter)"
        }
    }
}

extension RecordedCode {
    /// The page's class for the stream, as its style and its script know it.
    fileprivate var letter: String {
        switch self {
        case .error: "e"
        case .warning: "w"
        case .verbose: "v"
        case .debug: "d"
        case .information: "n"
        case .progress: "g"
        case .object: "j"
        case .connection: "c"
        case .output, .input, .marker, .step, .exit, .hash: "o"
        }
    }
}
