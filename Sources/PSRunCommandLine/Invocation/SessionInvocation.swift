/// `psrun session`: sessions that stay open from one run to the next.
package enum SessionInvocation: Sendable, Hashable {
    /// Opens a session of that name, to the run's one target.
    case open(String, RunInvocation)
    case list(ProcessesInvocation.Format)
    /// Closes one, or all where it is nil.
    case close(KeptSessionOption?)

    package enum Action: String, Sendable, Hashable, CaseIterable {
        case open, list, close
    }
}

/// What a command line says of `psrun session`.
struct SessionDraft {
    var id: Int?
    var closesAll = false
    var format: ProcessesInvocation.Format?
}
