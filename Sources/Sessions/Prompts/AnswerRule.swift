/// One `--answer` or `--answer-secret`: what answers the prompts that it matches.
package struct AnswerRule: Sendable {
    /// Tried on a prompt's caption, message and field.
    package let pattern: any PromptPattern
    package let answer: String
    /// Whether it answers secrets, and nothing else.
    package let isSecret: Bool

    package init(pattern: some PromptPattern, answer: String, isSecret: Bool) {
        self.pattern = pattern
        self.answer = answer
        self.isSecret = isSecret
    }

    /// How much of a text is looked at.
    private static let matchedScalars = 4096

    /// Whether one of the texts matches. One that is too hard for the pattern does not.
    /// - Parameter time: how long the rules of one prompt may still take; what this look took is taken off.
    func matches(_ texts: [String], within time: inout Duration) -> Bool {
        // The far side chooses the text, and how long it is.
        let named = texts.filter { !$0.isEmpty }.map { String($0.unicodeScalars.prefix(Self.matchedScalars)) }
        // A prompt that names nothing (ReadLine, ReadKey) is matched as the empty text.
        for text in named.isEmpty ? [""] : named where pattern.match(text, within: &time) == .found { return true }
        return false
    }
}
