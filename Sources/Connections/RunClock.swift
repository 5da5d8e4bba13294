import Synchronization

/// A run's clocks, or a target's: the elapsed one, and the counted one that stands still while a person is being asked.
/// Whatever limits a connection or a session goes by the counted one of its target.
package final class RunClock: Sendable {
    /// Both clocks at one instant.
    package struct Reading: Sendable, Hashable {
        /// Since the run began.
        package let elapsed: Duration
        /// The same without the time in which a person was being asked.
        package let counted: Duration
    }

    private struct Pauses {
        var asking = 0
        var since = ContinuousClock.Instant.now
        var total = Duration.zero
    }

    private let start: ContinuousClock.Instant
    private let pauses = Mutex(Pauses())

    package init(start: ContinuousClock.Instant = .now) {
        self.start = start
    }

    package var reading: Reading {
        let instant = ContinuousClock.now
        return pauses.withLock { pauses in
            let elapsed = instant - start
            let open = pauses.asking > 0 ? instant - pauses.since : .zero
            return Reading(elapsed: elapsed, counted: elapsed - pauses.total - open)
        }
    }

    /// A clock with the same beginning, for one target: it stands still for that target's questions alone.
    package func forTarget() -> RunClock { RunClock(start: start) }

    /// Stops the counted clock while `body` asks a person.
    package func whileAsking<Result>(_ body: () async -> Result) async -> Result {
        beginAsking()
        let result = await body()
        endAsking()
        return result
    }

    func beginAsking() {
        pauses.withLock { pauses in
            if pauses.asking == 0 { pauses.since = .now }
            pauses.asking += 1
        }
    }

    func endAsking() {
        pauses.withLock { pauses in
            pauses.asking -= 1
            if pauses.asking == 0 { pauses.total += ContinuousClock.now - pauses.since }
        }
    }
}
