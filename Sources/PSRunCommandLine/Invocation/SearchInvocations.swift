/// A moment in the past, as a person names it.
package enum PastMoment: Sendable, Hashable {
    /// UTC, `2026-11-22T02:00:00Z`, or a day, `2026-11-22`.
    case date(String)
    /// So many seconds ago.
    case ago(Int64)
}

/// Which runs a verb is about: those that are named, or all that began in a stretch of time.
package struct RunSelection: Sendable, Hashable {
    package var runs: [String] = []
    package var since: PastMoment?
    /// A day is meant whole.
    package var until: PastMoment?
    /// A playbook's file name, with or without its ending.
    package var playbook: String?

    package init() {}
}

/// `psrun search PATTERN [RUN…]`: where a text stands in recorded runs.
package struct SearchInvocation: Sendable, Hashable {
    /// What of a session can be searched.
    package enum Stream: String, Sendable, Hashable, CaseIterable {
        case console, output, input, error, warning, verbose, debug, information, progress, object, connection, session
        case all
    }

    package var pattern: String
    package var selection = RunSelection()
    /// Targets' host parts or whole targets; empty for all.
    package var hosts: [String] = []
    /// Empty for the usual ones.
    package var streams: [Stream] = []
    package var ignoreCase = false
    package var format = ListInvocation.Format.text
    package var keepsAccessLog = true
    package var recordings: String?

    package init(pattern: String) {
        self.pattern = pattern
    }
}

/// `psrun diff RUN [RUN]`: what is different between two runs, or between the targets of one.
package struct DiffInvocation: Sendable, Hashable {
    /// A mask of the person's own: what matches `pattern` is taken for equal.
    package struct Mask: Sendable, Hashable {
        /// What stands in its place; nil for `mask`.
        package var name: String?
        package var pattern: String

        package init(name: String?, pattern: String) {
            self.name = name
            self.pattern = pattern
        }

        /// Reads `REGEX`, or a name of letters, digits and dashes, `=` and `REGEX`; nil where there is no expression.
        package init?(_ text: String) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let isNamed =
                parts.count == 2 && !parts[0].isEmpty
                && parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            let pattern = isNamed ? String(parts[1]) : text
            guard !pattern.isEmpty else { return nil }
            self.init(name: isNamed ? String(parts[0]) : nil, pattern: pattern)
        }
    }

    /// The older run; nil for the one before `run` of the same playbook.
    package var older: String?
    package var run: String
    /// Compares the targets of `run` with each other, and with no other run.
    package var within = false
    package var hosts: [String] = []
    package var masks: [Mask] = []
    /// Whether the usual masks are used.
    package var usualMasks = true
    package var format = ListInvocation.Format.text
    package var keepsAccessLog = true
    package var recordings: String?

    package init(run: String) {
        self.run = run
    }
}
