/// Where the texts end that a far side is asked about, one longer than the other, until it takes one.
///
/// Lines are counted from 0 here, and ends are exclusive.
protocol TrialRule: Sendable {
    /// The first line of the text that is neither blank nor a comment; set by `firstEnd`.
    var opening: Int { get }

    /// The end of the shortest text from this line on that may be whole; nil where blanks and comments are all that is left.
    mutating func firstEnd(from start: Int) -> Int?

    /// The end of the next longer text; nil where a longer one could not be whole either, since the file ends.
    /// - Parameter end: of the text before, from the same first line.
    mutating func nextEnd(from end: Int) -> Int?

    /// The first line from here that is neither blank nor a comment, as far as one can see from here; nil where there is none.
    func next(from start: Int) -> Int?
}
