/// A moment of a run, on its two clocks.
package struct RunMoment: Sendable, Hashable {
    /// Since the run began.
    package var elapsed: Duration
    /// The same without the time in which a person was being asked: what limits go by.
    package var counted: Duration

    package init(elapsed: Duration, counted: Duration) {
        self.elapsed = elapsed
        self.counted = counted
    }

    /// A moment before which nobody was asked anything.
    package static func after(_ elapsed: Duration) -> RunMoment { RunMoment(elapsed: elapsed, counted: elapsed) }
}

extension Duration {
    /// Whole microseconds.
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
