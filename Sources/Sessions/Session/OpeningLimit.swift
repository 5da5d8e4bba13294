/// Until when a session's pool must be open, and its first question answered, once its connection stands.
package struct OpeningLimit: Sendable, Hashable {
    /// On the counted clock.
    package let due: Duration
    /// What the session fails with otherwise: the words of whoever bounds the connection as well.
    package let failure: TargetFailure
    /// The same where the pool is open, and the first prompt does not come.
    package let promptFailure: TargetFailure

    package init(due: Duration, failure: TargetFailure, promptFailure: TargetFailure) {
        self.due = due
        self.failure = failure
        self.promptFailure = promptFailure
    }
}
