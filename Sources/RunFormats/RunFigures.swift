package import RecordingFormat

/// A run in figures, for those who watch it: what a metrics file and a monitoring plug-in's line are made from.
package struct RunFigures: Sendable {
    /// One target's session.
    package struct Target: Sendable {
        package let name: String
        package let isWell: Bool
        package let durationMicroseconds: Int64
    }

    /// The outcomes that a target's session may have, in the order in which they are told.
    static let targetOutcomes: [RecordedOutcome] = [
        .ok, .error, .failed, .broken, .timedOut, .unreachable, .notRun,
    ]
    /// The same of a step that was sent.
    static let stepOutcomes: [RecordedOutcome] = [.ok, .error, .failed, .stopped, .unknown]

    /// How many targets the run has, also where it ended before they began.
    package let total: Int
    package private(set) var outcomes: [RecordedOutcome: Int] = [:]
    package private(set) var steps: [RecordedOutcome: Int] = [:]
    package private(set) var linesNotSent = 0
    private var targets: [Int: Target] = [:]

    package init(targets: Int) {
        total = targets
    }

    /// A step has ended on some target.
    package mutating func add(step outcome: RecordedOutcome) { steps[outcome, default: 0] += 1 }

    /// A target's session is over.
    /// - Parameter index: its number among the run's.
    package mutating func add(_ record: TargetRecord, named name: String, at index: Int) {
        outcomes[record.judgedOutcome, default: 0] += 1
        linesNotSent += record.linesNotSent ?? 0
        targets[index] = Target(
            name: name,
            isWell: record.isWell,
            durationMicroseconds: record.durationMicroseconds ?? 0
        )
    }

    /// In the order of the run's targets.
    var inOrder: [Target] { targets.sorted { $0.key < $1.key }.map(\.value) }

    /// How many went well.
    package var well: Int { outcomes[.ok] ?? 0 }

    /// A number of microseconds in seconds, as a plain decimal: `12.345678`.
    static func seconds(_ microseconds: Int64) -> String {
        let microseconds = max(0, microseconds)
        return "\(microseconds / 1_000_000)." + String(1_000_000 + microseconds % 1_000_000).dropFirst()
    }
}
