/// How a step or a target's session ended, by the name that recordings and results have for it. A recording of a later
/// version may have others.
package struct RecordedOutcome: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// - Returns: nil for what is not a word of `a` to `z` and `_`: no version calls an outcome so, and it would pass for
    ///   text of psrun's own.
    init?(recorded text: String) {
        let bytes = text.utf8
        guard (1...32).contains(bytes.count), bytes.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F }) else {
            return nil
        }
        self.init(rawValue: text)
    }

    // MARK: Of steps and targets
    package static let ok = RecordedOutcome(rawValue: "ok")
    package static let error = RecordedOutcome(rawValue: "error")
    package static let failed = RecordedOutcome(rawValue: "failed")
    /// A step that may have run; a target whose recording does not tell.
    package static let unknown = RecordedOutcome(rawValue: "unknown")

    // MARK: Of steps
    package static let stopped = RecordedOutcome(rawValue: "stopped")
    package static let notSent = RecordedOutcome(rawValue: "not_sent")

    // MARK: Of targets
    package static let unreachable = RecordedOutcome(rawValue: "unreachable")
    package static let timedOut = RecordedOutcome(rawValue: "timed_out")
    package static let broken = RecordedOutcome(rawValue: "broken")
    package static let notRun = RecordedOutcome(rawValue: "not_run")
}
