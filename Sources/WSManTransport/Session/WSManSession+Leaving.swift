import Connections
import EventLoops
import WSMan

extension WSManSession {
    /// A server that has not answered the request for a shell when it is given up hears that the shell is to be deleted, and
    /// has so long to take that: the target's time is over, or nobody wants it any more.
    static let lastWord = Duration.milliseconds(400)

    /// Leaves nothing behind, within this time: what still runs is ended with its shell, which is deleted where it may be
    /// there. No further output is waited for.
    func leave(within patience: Duration) async {
        let isUnanswered = shell == .asked
        let patience = isUnanswered ? min(patience, Self.lastWord) : patience
        isLeaving = true
        inbox.end(.failure(failure ?? CancellationError()))
        giveReceivesUp()
        let due = ContinuousClock.now + patience
        if shell != .none {
            // What is under way may still be answered, Create among it.
            await waitForControl(until: due - patience * (isUnanswered ? 0.75 : 0.5))
            waiting = []
            perform(carriage.leave())
            await waitForControl(until: due)
        }
        for timer in delayed.values { loop.cancel(timer) }
        delayed = [:]
        waiting = []
        isOver = true
        for id in Array(running.keys) { _ = drop(id) }
        for connection in idle { connection.closeFromAnywhere() }
        idle = []
    }

    private var isControlBusy: Bool { (running.values.map(\.exchange) + waiting).contains { $0.lane == .control } }

    private func giveReceivesUp() {
        waiting.removeAll { $0.lane != .control }
        for (id, one) in running where one.exchange.lane != .control { _ = drop(id) }
    }

    /// Waits until nothing is asked.
    private func waitForControl(until due: ContinuousClock.Instant) async {
        while isControlBusy, .now < due {
            let changed = Promise<Void>()
            whenChanged = changed
            let timer = loop.schedule(at: due) { changed.succeed(()) }
            try? await changed.value()
            loop.cancel(timer)
        }
        whenChanged = nil
    }
}
