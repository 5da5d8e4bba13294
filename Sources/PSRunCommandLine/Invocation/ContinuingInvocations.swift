/// `psrun resume RUN`: what provably did not run.
package struct ResumeInvocation: Sendable, Hashable {
    /// A run's folder, a unique part of its name, `last`, or `last~1`.
    package var run: String
    /// `all`, `HOST` or `HOST:LINE`: whose line that may have run is sent once more.
    package var repeatUnknown: [String] = []
    /// Options of a run that go before the recorded ones.
    package var given: [GivenOption] = []
    /// Show what would run; connect nowhere.
    package var dryRun = false
    package var recordings: String?

    package init(run: String) {
        self.run = run
    }
}

/// `psrun rerun RUN`: the whole playbook once more.
package struct RerunInvocation: Sendable, Hashable {
    package var run: String
    /// Only targets that were entered and are not well.
    package var failed = false
    /// Only targets that were not reached.
    package var unreachable = false
    package var given: [GivenOption] = []
    package var dryRun = false
    package var recordings: String?

    package init(run: String) {
        self.run = run
    }
}
