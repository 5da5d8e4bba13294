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
