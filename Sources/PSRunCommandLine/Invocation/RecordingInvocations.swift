/// `psrun replay RUN`: a recorded run, played.
package struct ReplayInvocation: Sendable, Hashable {
    /// A run's folder, a unique part of its name, `last`, or `last~1`.
    package var run: String
    /// A target's host part or the whole target; nil plays every target.
    package var host: String?
    /// 2 plays twice as fast; nil as fast as it was at a terminal, and elsewhere at once.
    package var speed: Double?
    /// The longest pause that is kept; nil keeps all.
    package var idleLimit: Duration?
    /// No pauses at all.
    package var instant = false
    /// Whether the reading is noted in the chain.
    package var keepsAccessLog = true
    package var recordings: String?

    package init(run: String) {
        self.run = run
    }
}

/// `psrun follow [RUN]`: a run in progress, as it goes on.
package struct FollowInvocation: Sendable, Hashable {
    /// nil follows the newest run that is in progress.
    package var run: String?
    /// A target's host part or the whole target; nil follows every target.
    package var host: String?
    package var recordings: String?

    package init() {}
}

/// `psrun list`: the runs of a recordings folder.
package struct ListInvocation: Sendable, Hashable {
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case text, json
    }

    /// By time and playbook; no run is named.
    package var selection = RunSelection()
    /// So many runs at most, the newest ones; nil for all.
    package var limit: Int?
    /// Only runs that did not go well, or were not sealed.
    package var failedOnly = false
    /// Targets' host parts or whole targets: only runs that had one of them. Empty for all.
    package var hosts: [String] = []
    package var format = Format.text
    package var recordings: String?

    package init() {}
}

/// `psrun show RUN`: what a run did.
package struct ShowInvocation: Sendable, Hashable {
    package var run: String
    package var host: String?
    package var format = ListInvocation.Format.text
    /// Whether the reading is noted in the chain.
    package var keepsAccessLog = true
    package var recordings: String?

    package init(run: String) {
        self.run = run
    }
}

/// `psrun recover [RUN]`: seals what a killed run left.
package struct RecoverInvocation: Sendable, Hashable {
    /// nil recovers every run that was not sealed.
    package var run: String?
    package var seal = SealSettings()
    package var recordings: String?

    package init() {}
}

/// `psrun prune`: removes old runs' archives.
package struct PruneInvocation: Sendable, Hashable {
    /// Seconds before now: what began later stays.
    package var keepSeconds: Int64?
    /// Tell what would go, and change nothing.
    package var dryRun = false
    package var seal = SealSettings()
    package var recordings: String?

    package init() {}
}

/// What whoever writes to the chain does besides.
package struct SealSettings: Sendable, Hashable {
    /// A private key, or a public one whose other half the agent holds; nil signs nothing.
    package var signKey: String?
    /// Write the chain's new head to the system's log.
    package var headToSyslog = false

    package init() {}
}

/// How long a recording is to be kept.
package enum Retention: Sendable, Hashable {
    /// Seconds from the run's beginning.
    case duration(Int64)
    /// `2027-11-22` or `2027-11-22T02:00:00Z`, by its shape; there may be no such day.
    case moment(String)
}
