package import Sessions
import Synchronization

/// A run's clocks: the elapsed one, and the counted one that stands still while a person is being asked.
package final class RunClock: Sendable {
    private struct Pauses {
        var asking = 0
        var since = ContinuousClock.Instant.now
        var total = Duration.zero
    }

    package let start: ContinuousClock.Instant
    private let pauses = Mutex(Pauses())

    package init(start: ContinuousClock.Instant = .now) {
        self.start = start
    }

    package var now: RunMoment {
        let instant = ContinuousClock.now
        return pauses.withLock { pauses in
            let elapsed = instant - start
            let open = pauses.asking > 0 ? instant - pauses.since : .zero
            return RunMoment(elapsed: elapsed, counted: elapsed - pauses.total - open)
        }
    }

    /// How long persons have been asked things so far.
    package var timeAsked: Duration {
        let now = now
        return now.elapsed - now.counted
    }

    /// Stops the counted clock while `body` asks a person.
    package func whileAsking<Result>(_ body: () async -> Result) async -> Result {
        pauses.withLock { pauses in
            if pauses.asking == 0 { pauses.since = .now }
            pauses.asking += 1
        }
        let result = await body()
        pauses.withLock { pauses in
            pauses.asking -= 1
            if pauses.asking == 0 { pauses.total += ContinuousClock.now - pauses.since }
        }
        return result
    }
}
