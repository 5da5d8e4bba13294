package import RecordingFormat

/// What is left of a run: for each target where its session begins, and which targets nobody enters.
package struct ResumePlan: Sendable, Hashable {
    /// A target with something left.
    package struct Target: Sendable, Hashable {
        package let name: String
        package let place: RecordedPlace?
        package var start: TargetStart

        /// Whether nothing of the playbook ran there before.
        package var isFresh: Bool { start == .beginning }
    }

    /// The name of the run's folder.
    package let run: String
    /// In the run's order; those in doubt are among them.
    package private(set) var targets: [Target] = []
    /// How many targets have nothing left.
    package private(set) var wholeCount = 0

    /// - Parameters:
    ///   - sessions: of all targets, in the run's order.
    ///   - run: the name of the run's folder.
    package init(_ sessions: [SessionFacts], of run: String) {
        self.run = run
        for facts in sessions {
            switch Standing(facts, of: run) {
            case .whole: wholeCount += 1
            case .open(let start), .inDoubt(let start):
                targets.append(Target(name: facts.target, place: facts.place, start: start))
            }
        }
    }

    /// The targets with a line in doubt that nobody asked for.
    package var held: [Target] { targets.filter(\.start.isHeld) }
    /// Those whose line in doubt is sent once more.
    package var repeating: [Target] { targets.filter(\.start.repeatsDoubt) }
    /// Those that begin behind a line.
    package var continuing: [Target] { targets.filter { !$0.isFresh && $0.start.doubt == nil } }
    package var fresh: [Target] { targets.filter(\.isFresh) }

    /// Whether there is a target to enter.
    package var hasWork: Bool { targets.contains { !$0.start.isHeld } }

    /// Has lines in doubt sent once more, of the targets that are asked for.
    /// - Throws: ResumeError, where one of `wishes` names no line in doubt.
    package mutating func send(again wishes: [RepeatWish]) throws(ResumeError) {
        for wish in wishes {
            for place in try wish.places(in: targets) { targets[place].start.repeatsDoubt = true }
        }
    }
}

/// Why a run cannot be continued as it was asked for.
package struct ResumeError: Error, Sendable, Hashable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
