/// `psrun session`: sessions that stay open from one run to the next.
package enum SessionInvocation: Sendable, Hashable {
    /// Opens a session of that name, to the run's one target, and tells of it.
    case open(String, RunInvocation, ProcessesInvocation.Format = .text)
    /// - Parameter limit: how long the broker may take.
    case list(ProcessesInvocation.Format, within: Duration? = nil)
    /// Closes one, or all where it is nil.
    case close(KeptSessionOption?, within: Duration? = nil)

    package enum Action: String, Sendable, Hashable, CaseIterable {
        case open, list, close
    }
}

/// What a command line says of `psrun session`.
struct SessionDraft {
    /// Which session is meant, besides by the operand.
    var choices: [KeptSessionOption] = []
    var closesAll = false
    var format: ProcessesInvocation.Format?
}
