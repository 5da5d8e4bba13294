/// Until when a session's pool must be open, once its connection stands.
package struct OpeningLimit: Sendable, Hashable {
    /// On the counted clock.
    package let due: Duration
    /// What the session fails with otherwise: the words of whoever bounds the connection as well.
    package let failure: TargetFailure

    package init(due: Duration, failure: TargetFailure) {
        self.due = due
        self.failure = failure
    }
}
