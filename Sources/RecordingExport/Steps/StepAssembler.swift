import ConsoleText
package import RecordingFormat

/// Puts a session's events together to steps. Holds one step at a time: what comes behind its result, and before the next
/// step begins, is its own as well.
package struct StepAssembler: Sendable {
    private var step: RecordedStep?
    /// What a console shows before a step's first line is its prompt.
    private var isBeforeInput = false
    private var awaited: [AwaitedRecord] = []
    /// With more of them, each output would take longer to be told from records than it took to come.
    private static let mostAwaited = 64
    /// How the session ended: the `X` event.
    package private(set) var result = TargetRecord()
    /// The entry's own hash: the `H` event.
    package private(set) var hash: String?

    package init() {}

    /// - Returns: a step that is complete now.
    package mutating func take(_ event: RecordedEvent) -> RecordedStep? {
        switch event.code {
        case .marker:
            defer {
                step = RecordedStep(marker: event.data, time: event.time)
                isBeforeInput = true
            }
            return finish()
        case .step:
            // A line that was not sent has a result and no marker.
            let earlier = step?.ended == nil ? nil : finish()
            giveUp { _ in true }
            if step == nil { step = RecordedStep(marker: nil, time: event.time) }
            step?.ended = event.time
            step?.result = StepRecord(parsing: event.data.utf8) ?? StepRecord()
            return earlier
        case .output:
            // What comes behind a line that was not sent is not that line's: psrun says there why nothing was sent.
            let unsent = step?.result.outcome == .notSent ? finish() : nil
            show(event)
            return unsent
        case .input: type(event)
        case .error, .warning, .verbose, .debug, .information:
            awaited.append(AwaitedRecord(event))
            if awaited.count > Self.mostAwaited { lay(awaited.removeFirst()) }
        case .progress, .object, .connection:
            append(StepPiece(time: event.time, kind: .unseen(event.code), text: event.data))
        case .exit: result = TargetRecord(parsing: event.data.utf8) ?? TargetRecord()
        case .hash: hash = event.data
        }
        return nil
    }

    /// What is left at the session's end.
    package mutating func finish() -> RecordedStep? {
        giveUp { _ in true }
        defer { step = nil }
        return step
    }

    private mutating func append(_ piece: StepPiece) {
        if step == nil { step = RecordedStep(marker: nil, time: piece.time) }
        step?.pieces.append(piece)
    }

    private mutating func show(_ event: RecordedEvent) {
        var kind = isBeforeInput ? StepPiece.Kind.prompt : .shown(.output)
        let text = TerminalText.withoutColors(event.data)
        for index in awaited.indices where awaited[index].isTold(by: text) {
            kind = .shown(awaited[index].event.code)
            break
        }
        append(StepPiece(time: event.time, kind: kind, text: event.data))
        // An error's text may come later; every other record is shown at once, or not at all.
        giveUp { $0.event.code != .error }
        awaited.removeAll { $0.isWhole }
    }

    /// What the console has just shown was lines being typed, a prompt before the first of them or not.
    private mutating func type(_ event: RecordedEvent) {
        isBeforeInput = false
        func typed(_ text: String) -> StepPiece { StepPiece(time: event.time, kind: .input, text: text) }
        guard let last = step?.pieces.last, last.isScreen else { return append(typed(event.data)) }
        var screen = Array(last.text.utf8)
        screen.removeAll { $0 == 0x0D }
        if screen.last == 0x0A { screen.removeLast() }
        let lines = event.data.utf8.filter { $0 != 0x0D }.split(separator: 0x0A, omittingEmptySubsequences: false)
        // Each line but the first stands behind a prompt of the console's own.
        let shown = Array(lines.joined(separator: [0x0A] + Self.furtherPrompt.utf8))
        guard screen.count >= shown.count, screen.suffix(shown.count).elementsEqual(shown) else {
            return append(typed(event.data))
        }
        step?.pieces.removeLast()
        var prompt = String(decoding: screen.dropLast(shown.count), as: UTF8.self)
        for line in lines {
            if !prompt.isEmpty { append(StepPiece(time: last.time, kind: .prompt, text: prompt)) }
            append(typed(String(decoding: line, as: UTF8.self)))
            prompt = Self.furtherPrompt
        }
    }

    /// What a console shows before a block's further lines.
    private static let furtherPrompt = ">> "

    /// Puts records that no console showed among the pieces, each at its time.
    private mutating func giveUp(where isDone: (AwaitedRecord) -> Bool) {
        for record in awaited where isDone(record) { lay(record) }
        awaited.removeAll(where: isDone)
    }

    /// Puts a record among the pieces if no console showed it.
    private mutating func lay(_ record: AwaitedRecord) {
        guard !record.wasTold, !record.isWhole else { return }
        let time = record.event.time
        let piece = StepPiece(time: time, kind: .unseen(record.event.code), text: record.event.data)
        let later = step?.pieces.reversed().prefix { $0.time > time }.count ?? 0
        guard later > 0, let count = step?.pieces.count else { return append(piece) }
        step?.pieces.insert(piece, at: count - later)
    }
}

/// A record whose text a console may be about to show.
private struct AwaitedRecord: Sendable {
    let event: RecordedEvent
    /// The lines of its text that no console has shown so far.
    private var rest: [[UInt8]]
    private(set) var wasTold = false

    init(_ event: RecordedEvent) {
        self.event = event
        rest = TerminalText.withoutColors(RecordedText.message(in: event.data)).utf8
            .split { $0 == 0x0A || $0 == 0x0D }
            .map(Array.init)
    }

    /// Whether nothing of it is left to be shown.
    var isWhole: Bool { rest.isEmpty }

    /// Takes what a console has shown; false where it is none of this record's text.
    mutating func isTold(by text: String) -> Bool {
        let shown = Array(text.utf8)
        let before = rest.count
        rest.removeAll { shown.contains($0) }
        guard rest.count < before else { return false }
        wasTold = true
        return true
    }
}

extension StepPiece {
    /// Whether a console showed it.
    package var isScreen: Bool {
        switch kind {
        case .prompt, .shown: true
        case .input, .unseen: false
        }
    }
}
