/// Why a pattern cannot be used, or could not be matched to its end. It never shows the pattern, which may name a secret.
package struct PatternError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        /// It is not a regular expression.
        case invalidPattern = "InvalidPattern"
        /// It takes more steps or memory on some text than any match is given.
        case tooManySteps = "PatternTooManySteps"
    }

    package let code: Code
    /// Where the pattern is wrong, in bytes from its beginning; nil where no place is to blame.
    package let offset: Int?
    /// What is wrong and what to do about it, as the end of a sentence, without a full stop.
    package let message: String

    init(_ code: Code, at offset: Int? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}
