package import Sessions

/// Who watches one target's session: console, report and recorder.
package protocol SessionObserver: Sendable {
    /// The session is being entered; `phase` gives the phase of connecting that is under way.
    func connects(phase: @escaping @Sendable () -> String?)
    /// One event, in order and one at a time; the session's next events wait until it returns.
    func observe(_ event: SessionEvent, at moment: RunMoment) async
    /// A line of the far process's standard error, or of the transport.
    func observe(diagnostics: String, at moment: RunMoment) async
    /// What the far side says to whoever comes, before the session.
    func observe(banner: String, at moment: RunMoment) async
    /// A line of the protocol's trace.
    func observe(trace line: String, at moment: RunMoment)
    /// The session is to end: from now on nobody who reads what is told of it is waited for.
    func hurry()
    /// Asks the person at the terminal; nil where the person would not answer.
    func ask(_ question: Question) async -> String?
}

extension SessionObserver {
    package func connects(phase: @escaping @Sendable () -> String?) {}
    package func hurry() {}
}
