import Synchronization

/// Whether somebody still waits for a call.
final class Awaited: Sendable {
    private let isOver = Mutex(false)

    func end() { isOver.withLock { $0 = true } }

    /// Does what is of use to whoever waits only.
    func ifSo(_ action: () -> Void) {
        isOver.withLock { isOver in
            if !isOver { action() }
        }
    }
}
