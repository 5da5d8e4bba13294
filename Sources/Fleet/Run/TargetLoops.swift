package import Connections
package import EventLoops
package import Files
import Synchronization

/// The loops of a run's targets, each with its heartbeat.
package final class TargetLoops: Sendable {
    /// A loop, and the clocks of the targets that are on it.
    package struct Place: Sendable {
        package let loop: EventLoop
        package let heartbeat: Heartbeat
    }

    private let group: LoopGroup
    private let places: [Place]
    private let given = Atomic(0)

    /// - Parameter targets: how many are under way at once: no more loops are made than these can use.
    /// - Throws: NoDescriptor.
    package init(_ clock: RunClock, targets: Int) throws(NoDescriptor) {
        let group = try LoopGroup(count: min(targets, LoopGroup.processors))
        self.group = group
        places = group.loops.map { Place(loop: $0, heartbeat: Heartbeat(clock, on: $0)) }
    }

    /// The place of the next target, where it stays: each loop in its turn.
    package func next() -> Place {
        places[given.wrappingAdd(1, ordering: .relaxed).oldValue % places.count]
    }

    /// The clocks are looked at for as long as `body` runs, and the loops end with it: whatever lives on them ends first.
    package func during<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        let pulses = places.map { $0.heartbeat.begin() }
        let result = await body()
        for pulse in pulses { pulse.cancel() }
        await close()
        return result
    }

    /// Ends the loops, where no target is to come.
    package func close() async { await group.close() }
}
