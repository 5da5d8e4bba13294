/// What `sh -n` is asked, look by look, until it is known whether a text is whole. Sans-IO.
///
/// Shells take some open texts for whole when their input ends there: an open here-document, a backslash at the end, and
/// mksh `f()`. What they say of others can mean either. So a word may be added and the shell be asked again.
package struct SyntaxInquiry: Sendable {
    private enum Step {
        /// The text itself.
        case whole
        /// A text that passed, and a word that passes only where the text goes on.
        case probe
        /// A text that did not, and a word that may be the one that it lacks.
        case trial(SyntaxComplaint)
        /// The first line that is refused, between two numbers of lines: the first passes or is open, the second is not.
        case line(passing: Int, refused: Int, SyntaxComplaint)
    }

    private let text: String
    private let lines: [Substring]
    private var step = Step.whole

    /// What the shell is to look at next.
    package private(set) var next: String

    package init(_ text: String) {
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        next = text + "\n"
    }

    /// - Parameters:
    ///   - passed: whether the shell found no error.
    ///   - errorOutput: what it wrote to stderr, in the C locale.
    /// - Returns: nil where `next` is to be looked at, too.
    package mutating func take(passed: Bool, errorOutput: String) -> SyntaxVerdict? {
        let complaint = SyntaxComplaint(errorOutput)
        switch step {
        case .whole where passed:
            guard let word = probe else { return .complete }
            return ask(text + "\n" + word + "\n", .probe)
        case .whole:
            switch complaint.kind {
            case .open: return .incomplete(message: complaint.message)
            case .wrong: return locate(0, lines.count, complaint)
            case .undecided(let word): return ask(text + "\n" + word + "\n", .trial(complaint))
            }
        case .probe: return passed ? .incomplete(message: "The here-document or line is not ended.") : .complete
        case .trial(let first):
            if passed || !complaint.isSame(as: first) { return .incomplete(message: first.message) }
            return locate(0, lines.count, first)
        case .line(let passing, let refused, let first):
            let middle = (passing + refused) / 2
            let isRefused = !passed && complaint.isSame(as: first)
            return locate(isRefused ? passing : middle, isRefused ? middle : refused, first)
        }
    }

    private mutating func ask(_ text: String, _ step: Step) -> SyntaxVerdict? {
        (next, self.step) = (text, step)
        return nil
    }

    /// Finds the line by halves, since what is refused stays so whatever follows. The line that a shell names may be the
    /// one behind it, and some name none.
    private mutating func locate(_ passing: Int, _ refused: Int, _ complaint: SyntaxComplaint) -> SyntaxVerdict? {
        guard refused - passing > 1 else {
            let place = complaint.namesLine ? "" : " (line \(refused))"
            return .invalid(message: complaint.message + place, line: refused)
        }
        let part = lines[..<((passing + refused) / 2)].joined(separator: "\n") + "\n"
        return ask(part, .line(passing: passing, refused: refused, complaint))
    }

    /// `fi` is refused by every shell, except within a here-document or behind a backslash; `;` behind `f()`, which other
    /// shells than mksh do not let pass. ksh93 takes `;` anywhere, and `a=()` as whole.
    private var probe: String? {
        if text.utf8.last == UInt8(ascii: "\\") || text.utf8.place(of: "<<".utf8) != nil { return "fi" }
        let end = text.utf8.reversed().drop {
            $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t")
        }
        guard end.first == UInt8(ascii: ")") else { return nil }
        let name = end.dropFirst().drop { $0 == UInt8(ascii: " ") }
        guard name.first == UInt8(ascii: "(") else { return nil }
        let last = name.dropFirst().first { $0 != UInt8(ascii: " ") }
        return last == nil || last == UInt8(ascii: "=") ? nil : ";"
    }
}
