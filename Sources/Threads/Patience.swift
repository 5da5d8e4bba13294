import Synchronization

/// Whether somebody still waits for what may never come, as a slow reader. It ends once, and frees whoever waits then.
package final class Patience: Sendable {
    private struct State {
        var isOver = false
        var actions: [UInt64: @Sendable () -> Void] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var isOver: Bool { state.withLock { $0.isOver } }

    /// From any thread; nobody who is freed may wait here.
    package func end() {
        let actions = state.withLock { state in
            state.isOver = true
            defer { state.actions = [:] }
            return Array(state.actions.values)
        }
        for action in actions { action() }
    }

    /// Has `action` called when it ends, and at once where it has ended.
    /// - Returns: a number for `forget`.
    package func whenOver(_ action: @escaping @Sendable () -> Void) -> UInt64 {
        let (number, isOver) = state.withLock { state in
            state.last += 1
            if !state.isOver { state.actions[state.last] = action }
            return (state.last, state.isOver)
        }
        if isOver { action() }
        return number
    }

    package func forget(_ number: UInt64) {
        state.withLock { _ = $0.actions.removeValue(forKey: number) }
    }
}
