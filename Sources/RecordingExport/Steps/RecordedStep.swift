package import RecordingFormat

/// A piece of what came in a step, in the order in which it came.
package struct StepPiece: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The prompt, also the one of a block's further lines.
        case prompt
        /// A line as it was typed into the session.
        case input
        /// What a console showed, by the stream that it came from; `output` where nothing tells more.
        case shown(RecordedCode)
        /// What was recorded and never shown on a console.
        case unseen(RecordedCode)
    }

    /// Nanoseconds since the session began.
    package var time: UInt64
    package var kind: Kind
    package var text: String
}

/// One step of a session: what was sent and all that came back. Also what came outside of any step, which has no marker.
package struct RecordedStep: Sendable, Hashable {
    /// `line 3`, or `profile`; nil for what is outside of any step, and for a line that was never sent.
    package var marker: String?
    /// Nanoseconds since the session began.
    package var time: UInt64
    /// Nanoseconds since the session began, of the event that told the result; nil where none did.
    package var ended: UInt64?
    package var pieces: [StepPiece] = []
    /// How it ended; without members where psrun did not live to see it.
    package var result = StepRecord()

    /// Whether it is a step of the playbook, or of the profile, and not what came outside of any.
    package var isStep: Bool { marker != nil || result.json[.outcome] != nil }
    /// nil for what is outside of any step.
    package var outcome: RecordedOutcome? { result.outcome ?? (marker == nil ? nil : .unknown) }
    package var microseconds: Int64? { result.durationMicroseconds }

    /// `line 3`, `lines 5 to 6`, `profile`.
    package var title: String { result.title ?? marker ?? "session" }

    /// The text that was sent, or would have been.
    package var text: String {
        if let text = result.text { return text }
        return pieces.compactMap { $0.kind == .input ? $0.text : nil }.joined(separator: "\n")
    }

    /// What a console showed of it, the prompt and the step's own text left out.
    package var output: String {
        pieces.compactMap { piece in
            if case .shown = piece.kind { piece.text } else { nil }
        }.joined()
    }

    /// The part of the output that tells of errors.
    package var errors: String {
        pieces.compactMap { $0.kind == .shown(.error) ? $0.text : nil }.joined()
    }
}
