import ConsoleText
import RecordingFormat

/// One session's steps as the items of a list, each piece with its time in microseconds.
struct PageSteps {
    let session: ExportedSession
    private var assembler = StepAssembler()
    private var count = 0
    /// Whether no line of the session was sent, which is told in its head.
    private let isUnsent: Bool

    init(session: ExportedSession, isUnsent: Bool = false) {
        self.session = session
        self.isUnsent = isUnsent
    }

    /// The entry's own hash, once its last line was taken.
    var hash: String? { assembler.hash }

    mutating func take(_ event: RecordedEvent, to bytes: inout [UInt8]) {
        if let step = assembler.take(event) { append(step, to: &bytes) }
    }

    mutating func finish(to bytes: inout [UInt8]) {
        if let step = assembler.finish() { append(step, to: &bytes) }
    }

    private mutating func append(_ step: RecordedStep, to bytes: inout [UInt8]) {
        let isStep = step.isStep
        var step = step
        if isUnsent {
            guard !isStep else { return }
            step.pieces.removeAll(where: \.isScreen)
        }
        guard isStep || !step.pieces.isEmpty else { return }
        count += 1
        let id = "s\(session.number)-\(count)"
        let time = step.time / 1_000
        let kind = isStep ? PageHead.kind(step.outcome) : "aside"
        let isUnsent = step.outcome == .notSent
        bytes += "<li class=\"step \(kind)\(isUnsent ? " unsent" : "")\" id=\"\(id)\" data-t=\"\(time)\"".utf8
        let end = max(step.pieces.last?.time ?? 0, step.ended ?? 0) / 1_000
        bytes += " data-e=\"\(max(time, end))\">".utf8
        if isStep { appendHead(step, id: id, to: &bytes) }
        if !step.pieces.isEmpty || !step.text.isEmpty {
            bytes += "<pre>".utf8
            if step.pieces.isEmpty {
                bytes += "<span class=\"i\" data-t=\"\(time)\">\(HTMLText.escaped(step.text))\n</span>".utf8
            }
            append(step.pieces, to: &bytes)
            bytes += "</pre>".utf8
        }
        bytes += "</li>\n".utf8
    }

    private func appendHead(_ step: RecordedStep, id: String, to bytes: inout [UInt8]) {
        let title = HTMLText.escaped(step.title.prefix(1).uppercased() + step.title.dropFirst())
        bytes += "<div class=\"head\"><a class=\"number\" href=\"#\(id)\"><bdi>\(title)</bdi></a> ".utf8
        bytes += "<span class=\"badge \(PageHead.kind(step.outcome))\">\(PageHead.words(step.outcome))</span> ".utf8
        if step.outcome != .notSent {
            bytes += "<span>at \(Self.seconds(step.time)) s</span> ".utf8
        }
        if let microseconds = step.microseconds {
            bytes += "<span class=\"took\">took \(RunFacts.duration(microseconds: microseconds))</span> ".utf8
        }
        if let remark = step.result.remark {
            bytes += "<span class=\"took\">\(HTMLText.escaped(remark))</span> ".utf8
        }
        if let message = step.result.failure?.message {
            bytes += "<span class=\"took\">\(HTMLText.escaped(message))</span> ".utf8
        }
        if let code = step.result.lastExitCode, code != 0 {
            bytes += "<span class=\"took\">last exit code \(code)</span> ".utf8
        }
        bytes += "<span class=\"tools\"></span></div>\n".utf8
    }

    /// Pieces of one stream that came within a millisecond are one.
    private func append(_ pieces: [StepPiece], to bytes: inout [UInt8]) {
        var style = TextStyle.plain
        var open: (classes: String, time: UInt64)?
        for piece in pieces {
            let classes = piece.classes
            if let last = open, last.classes != classes || piece.time > last.time + 1_000_000 || piece.isUnseen {
                bytes += "</span>".utf8
                open = nil
            }
            if open == nil {
                bytes += "<span class=\"\(classes)\"".utf8
                if case .unseen(let code) = piece.kind { bytes += " data-name=\"\(code.streamName)\"".utf8 }
                bytes += " data-t=\"\(piece.time / 1_000)\">".utf8
                open = (classes, piece.time)
            }
            switch piece.kind {
            case .input: bytes += "\(HTMLText.escaped(piece.text))\n".utf8
            case .unseen: bytes += "\(HTMLText.escaped(RecordedText.summary(of: piece.text)))\n".utf8
            case .prompt, .shown: HTMLText.appendStyled(piece.text, style: &style, to: &bytes)
            }
        }
        if open != nil { bytes += "</span>".utf8 }
    }

    /// `12.34`.
    private static func seconds(_ nanoseconds: UInt64) -> String {
        let hundredths = nanoseconds / 10_000_000
        return "\(hundredths / 100).\(String(100 + hundredths % 100).dropFirst())"
    }
}

extension StepPiece {
    fileprivate var isUnseen: Bool {
        if case .unseen = kind { true } else { false }
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
