/// A regular expression that names what is to be redacted; the library behind it is passed in.
package protocol RedactionPattern {
    /// The first match at `offset` or behind it; what lies before counts for what a pattern says of its surroundings.
    /// - Parameter isEnd: whether the text ends where it ends here.
    /// - Throws: `RedactionPatternError` where it takes too many steps.
    func search(_ text: [UInt8], from offset: Int, isEnd: Bool) throws(RedactionPatternError) -> RedactionFinding
}

package enum RedactionFinding: Sendable, Hashable {
    case nothing
    case match(Range<Int>)
    /// From here on, more text may make a match of it.
    case undecided(from: Int)
}

/// A pattern cannot be matched to its end.
package struct RedactionPatternError: Error {
    package init() {}
}

/// What a user should be told once.
package enum RedactionNotice: Sendable, Hashable {
    /// The pattern (its number from 0) takes too many steps on a line, which is redacted whole.
    case patternTooHard(Int)
    /// So many values are held that no more are; the patterns go on matching.
    case tooManyValues
    /// A secret of so few characters is redacted only where it is a whole value or line.
    case shortSecret
}
