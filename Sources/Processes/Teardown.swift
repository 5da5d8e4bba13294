import Glibc

/// How a child is ended: signals, each after some patience, and SIGKILL at last.
package struct Teardown: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        /// How long the child has to end before the signal is sent.
        package let patience: Duration
        package let signal: Int32

        package init(after patience: Duration, send signal: Int32) {
            self.patience = patience
            self.signal = signal
        }
    }

    /// The last one is SIGKILL.
    package let steps: [Step]

    /// How long a child that was killed is waited for. One that hangs in the kernel (a disk that does not answer) cannot
    /// end before that lets it go: it is left behind, and whoever waits goes on.
    package static let lastPatience = Duration.seconds(2)

    /// - Parameter kill: how long the child has after the last of the steps.
    package init(_ steps: [Step], killAfter kill: Duration) {
        self.steps = steps + [Step(after: kill, send: SIGKILL)]
    }

    /// For a child whose input has ended: it has the time to end by itself, a second at most.
    /// - Parameter patience: how long it may take in all.
    package static func orderly(within patience: Duration) -> Teardown {
        let half = min(patience / 2, .milliseconds(500))
        return Teardown([Step(after: half, send: SIGTERM)], killAfter: half)
    }
    /// For a child that was given up: its time is over already.
    package static let hasty = Teardown([Step(after: .milliseconds(10), send: SIGTERM)], killAfter: .milliseconds(50))
    /// For a child that has seen its work end.
    package static let prompt = Teardown([Step(after: .zero, send: SIGTERM)], killAfter: .milliseconds(500))
    /// For a child whose word nobody needs any more.
    package static let immediate = Teardown([], killAfter: .zero)
}
