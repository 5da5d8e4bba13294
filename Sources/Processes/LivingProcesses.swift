import CLinux
import Glibc
import Synchronization

/// The processes that this one has started and that have not been reaped.
package enum LivingProcesses {
    private struct State {
        var leaders: Set<pid_t> = []
        /// What libraries may have started.
        var calls: [ObjectIdentifier: LibraryCall] = [:]
        var isOver = false
    }

    private static let state = Mutex(State())

    /// Ends them all with their groups, and any that is started yet; returns when they and whoever cleans up behind them
    /// are gone, or have had `patience`. For a process that leaves at once: nobody can wait for them afterwards.
    package static func endAll(within patience: Duration) {
        // What a process leaves behind, as an endpoint its shell's guard, becomes a child of this one.
        _ = psrun_become_subreaper()
        let (leaders, calls) = state.withLock { state in
            state.isOver = true
            return (state.leaders, Array(state.calls.values))
        }
        for call in calls { call.endPrograms() }
        for leader in leaders { kill(-leader, SIGKILL) }
        let deadline = ContinuousClock.now + patience
        while true {
            let reaped = waitpid(-1, nil, WNOHANG)
            if reaped < 0 && errno != EINTR { return }
            guard reaped == 0 else { continue }
            guard ContinuousClock.now < deadline else { return }
            usleep(2_000)
        }
    }

    /// The same for a process that has done its work: at once where none is left.
    package static func endRest(within patience: Duration) {
        if state.withLock({ !$0.leaders.isEmpty || !$0.calls.isEmpty }) { endAll(within: patience) }
    }

    static func add(_ leader: pid_t) {
        let isOver = state.withLock { state in
            state.leaders.insert(leader)
            return state.isOver
        }
        if isOver { kill(-leader, SIGKILL) }
    }

    static func remove(_ leader: pid_t) {
        state.withLock { _ = $0.leaders.remove(leader) }
    }

    static func add(_ call: LibraryCall) {
        state.withLock { $0.calls[ObjectIdentifier(call)] = call }
    }

    static func remove(_ call: LibraryCall) {
        state.withLock { _ = $0.calls.removeValue(forKey: ObjectIdentifier(call)) }
    }
}
