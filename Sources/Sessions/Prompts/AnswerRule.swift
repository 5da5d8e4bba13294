/// One `--answer` or `--answer-secret`: what answers the prompts that it matches.
package struct AnswerRule: Sendable, Hashable {
    /// A regular expression, tried on a prompt's caption, message and field.
    package let pattern: String
    package let answer: String
    /// Whether it answers secrets, and nothing else.
    package let isSecret: Bool

    /// - Throws: what Swift's `Regex` says of a pattern that is none.
    package init(pattern: String, answer: String, isSecret: Bool) throws {
        _ = try Regex(pattern)
        self.pattern = pattern
        self.answer = answer
        self.isSecret = isSecret
    }

    /// How much of a text is looked at.
    private static let matchedScalars = 4096

    func matches(_ texts: [String]) -> Bool {
        guard let expression = try? Regex(pattern) else { return false }
        // What a pattern takes can grow with the square of a text, and the far side chooses the text.
        let named = texts.filter { !$0.isEmpty }.map { String($0.unicodeScalars.prefix(Self.matchedScalars)) }
        // A prompt that names nothing (ReadLine, ReadKey) is matched as the empty text.
        return (named.isEmpty ? [""] : named).contains { $0.contains(expression) }
    }
}
