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
        fileprivate let number: Int
    }

    private let group: LoopGroup
    private let places: [Place]
    /// Of the loops that have been given a target, by their numbers: another one need not wake.
    private let pulses = Mutex<[Int: Pulse]>([:])

    /// - Parameter targets: how many are under way at once: no more loops are made than these can use.
    /// - Throws: NoDescriptor.
    package init(_ clock: RunClock, targets: Int) throws(NoDescriptor) {
        let group = try LoopGroup(count: min(targets, LoopGroup.processors))
        self.group = group
        places = group.loops.enumerated().map { number, loop in
            Place(loop: loop, heartbeat: Heartbeat(clock, on: loop), number: number)
        }
    }

    /// The place of the next target, where it stays until it leaves. Its clocks are looked at from now on.
    package func next() -> Place {
        let number = group.next()
        let place = places[number]
        pulses.withLock { if $0[number] == nil { $0[number] = place.heartbeat.begin() } }
        return place
    }

    /// A target that was given this place has ended.
    package func leave(_ place: Place) { group.leave(place.number) }

    /// The loops end with `body`: whatever lives on them ends first.
    package func during<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
        let result = await body()
        for pulse in pulses.withLock({ $0.values }) { pulse.cancel() }
        await close()
        return result
    }

    /// Ends the loops, where no target is to come.
    package func close() async { await group.close() }
}
