/// One piece of a loop's work that took too long: everything else on the loop waited meanwhile.
package struct LoopStall: Sendable, CustomStringConvertible {
    package enum Work: String, Sendable {
        case job = "a job"
        case timer = "a timer"
        case descriptor = "a descriptor's handler"
    }

    /// The loop's name.
    package let loop: String
    package let work: Work
    /// Of the loop thread's own processor time.
    package let taken: Duration

    package var description: String {
        let (seconds, attoseconds) = taken.components
        return "\(work.rawValue) took \(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms of \(loop)"
    }
}

/// Who is told of a loop's stalls.
package struct StallObserver: Sendable {
    /// In processor time of the loop's thread, which a loaded machine does not stretch. A call that sleeps takes none: it
    /// is not seen.
    package let limit: Duration
    /// Called on the loop's thread.
    package let report: @Sendable (LoopStall) -> Void

    package init(limit: Duration, report: @escaping @Sendable (LoopStall) -> Void) {
        self.limit = limit
        self.report = report
    }
}
