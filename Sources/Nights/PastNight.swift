/// An earlier run, as its manifest tells of it.
package struct PastNight: Sendable, Hashable {
    /// Its folder's name.
    package let run: String
    package let playbook: String
    /// SHA-256 of the playbook, in hexadecimal.
    package let playbookHash: String
    /// Seconds since 1970, UTC.
    package let startedSeconds: Int64
    /// nil where psrun did not live to give one.
    package let exitCode: Int32?
    package let targets: Int

    package init(
        run: String,
        playbook: String,
        playbookHash: String,
        startedSeconds: Int64,
        exitCode: Int32?,
        targets: Int
    ) {
        self.run = run
        self.playbook = playbook
        self.playbookHash = playbookHash
        self.startedSeconds = startedSeconds
        self.exitCode = exitCode
        self.targets = targets
    }

    /// The last night before this one on which all was well, of the same playbook and the same targets.
    /// - Parameters:
    ///   - nights: the oldest first; this one may be among them.
    ///   - hasSameTargets: asked of those that are like this one in all else, the newest first.
    /// - Returns: it, and how many runs of the same playbook came between.
    package func lastGood(
        among nights: [PastNight],
        hasSameTargets: (PastNight) -> Bool
    ) -> (night: PastNight, between: Int)? {
        var between = 0
        for night in nights.reversed() where night.playbook == playbook && night.run != run {
            guard night.startedSeconds <= startedSeconds, night.targets == targets else { continue }
            if night.exitCode == 0, hasSameTargets(night) { return (night, between) }
            between += 1
        }
        return nil
    }
}

/// What is different from the last good night.
package struct NightDifference: Sendable, Hashable {
    package struct Change: Sendable, Hashable {
        package let targets: [String]
        /// `-` or `+` and a line of what a console showed.
        package let lines: [String]

        package init(targets: [String], lines: [String]) {
            self.targets = targets
            self.lines = lines
        }
    }

    package struct Ending: Sendable, Hashable {
        package let from: String
        package let to: String
        package let targets: [String]

        package init(from: String, to: String, targets: [String]) {
            self.from = from
            self.to = to
            self.targets = targets
        }
    }

    package let endings: [Ending]
    /// Targets that showed something else, those alike together, the largest first.
    package let changes: [Change]
    /// How many targets ended and showed the same.
    package let unchanged: Int
    /// Whether it was the same playbook, byte for byte.
    package let isSamePlaybook: Bool

    package init(endings: [Ending], changes: [Change], unchanged: Int, isSamePlaybook: Bool = true) {
        self.endings = endings
        self.changes = changes
        self.unchanged = unchanged
        self.isSamePlaybook = isSamePlaybook
    }
}

/// What a night can be compared with.
package enum NightBaseline: Sendable, Hashable {
    /// There is no good night of the same playbook and targets in the recordings folder.
    case none
    case found(PastNight, between: Int, NightDifference)
    /// There is one, and it or this night cannot be read.
    case unreadable(run: String, why: String)
    /// Nobody looked for one.
    case notCompared(String)
    /// This night was not recorded.
    case notRecorded
}
