import CLIXML

/// The prompt that the next step's line will stand behind.
struct NextPrompt: Sendable {
    /// What is written before the first prompt, in bytes, before the rest is left out.
    private static var most: Int { 64 << 10 }

    /// Whether no step came before it.
    let isFirst: Bool
    /// Whether something was written while it was asked for: most likely by the prompt function, which leaves the cursor
    /// where it wants it.
    private(set) var followsText = false
    /// What the far side's prompt function said; nil for nothing.
    private var said: String?
    /// What was written before the first one: by start-up scripts and the prompt function. Of others it is a step's.
    private var written = ""

    init(isFirst: Bool = false) {
        self.isFirst = isFirst
    }

    mutating func write(_ text: String) {
        followsText = true
        guard isFirst, written.utf8.count < Self.most else { return }
        written += text.utf8.count <= Self.most ? text : String(text.unicodeScalars.prefix(Self.most))
    }

    /// The same once the prompt function has ended: its first text counts, and nothing where it failed.
    func said(_ outputs: some Sequence<PSValue>, isComplete: Bool) -> NextPrompt {
        var prompt = self
        prompt.said = isComplete ? outputs.lazy.compactMap(\.text).first : nil
        return prompt
    }

    func text(label: String) -> String {
        let said = said.flatMap { $0.isEmpty ? nil : $0 } ?? "PS>"
        return "\(written)[\(label)]: \(said)"
    }
}

/// A `prompt` that was sent, alone or with the question where blocks end.
struct AskedPrompt: Sendable {
    /// On the counted clock; nil for no bound.
    let deadline: Duration?
    /// Whether the step before it is known to be recorded, or there is none.
    var isStepRecorded: Bool
    /// Whether `CutQuestion` stands before it.
    var isAskedForCut = false
    /// What bounds the first one besides; nil for others, and where nothing does.
    var opening: OpeningLimit?
    var prompt: NextPrompt
    var outputs = PipelineOutputs()

    init(behind prompt: NextPrompt, isStepRecorded: Bool, deadline: Duration?) {
        self.prompt = prompt
        self.isStepRecorded = isStepRecorded
        self.deadline = deadline
    }

    func answered(isComplete: Bool) -> NextPrompt { prompt.said(outputs.values, isComplete: isComplete) }
}
