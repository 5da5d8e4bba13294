/// A target that is not well, as a night's report tells it.
package struct NightTarget: Sendable, Hashable {
    /// Of what a far side said so much is kept; the recording has all of it.
    static let reasonCharacters = 400

    package let name: String
    /// `error, exit 1: line 18: …`, `unreachable (ConnectionFailed): …`.
    let finding: String
    /// The same with `<host>` and `<address>` for its own: what targets that failed alike have in common.
    let common: String

    /// - Parameters:
    ///   - ending: `error, exit 1`.
    ///   - code: the code of the error that ended the session; nil where none did.
    ///   - reasons: why, a sentence each; the line and its exit code stand there. The target's name at a beginning is left out.
    package init(name: String, ending: String, code: String? = nil, reasons: [String]) {
        self.name = name
        let lead = "\(name): "
        let told = reasons.map { $0.hasPrefix(lead) ? String($0.dropFirst(lead.count)) : $0 }
        let reason = Self.cut(told.joined(separator: "; ").onOneLine)
        let finding = [ending + (code.map { " (\($0))" } ?? ""), reason].filter { !$0.isEmpty }.joined(separator: ": ")
        self.finding = finding
        common = OwnNames(of: name).masked(finding)
    }

    private static func cut(_ text: String) -> String {
        text.count > reasonCharacters ? text.prefix(reasonCharacters) + "…" : text
    }
}

/// What a run told so far, kept for a report at its end.
package struct NightLog: Sendable {
    /// So many words of psrun's own are kept.
    static let mostWords = 50

    /// How many targets ended how.
    package private(set) var counts: [String: Int] = [:]
    /// Those that are not well, by their places among the run's.
    package private(set) var notWell: [Int: NightTarget] = [:]
    /// What went wrong beside the targets.
    private(set) var words: [String] = []
    private(set) var wordsLeftOut = 0

    package init() {}

    /// A target has ended.
    /// - Parameter notWell: nil where all is well with it.
    package mutating func add(outcome: String, notWell target: NightTarget?, at index: Int) {
        counts[outcome, default: 0] += 1
        if let target { notWell[index] = target }
    }

    package mutating func add(word: String) {
        if words.contains(word) { return }
        if words.count < Self.mostWords { words.append(word) } else { wordsLeftOut += 1 }
    }

    package var ended: Int { counts.values.reduce(0, +) }
}

extension String {
    /// What a far side says must not pass for a line of psrun's own.
    var onOneLine: String {
        contains(where: \.isNewline) ? split(whereSeparator: \.isNewline).joined(separator: " ") : self
    }
}
