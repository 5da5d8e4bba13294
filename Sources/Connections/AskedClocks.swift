import Synchronization

/// The clocks that stand still while a person is asked something: those of the targets that wait for the answer, and of no
/// other. What several targets wait for (one key file's passphrase, a jump host's password) has one of its own, which each
/// of them joins.
package final class AskedClocks: Sendable {
    private struct State {
        var asking = 0
        /// Who waits, and how often.
        var members: [ObjectIdentifier: (clocks: AskedClocks, count: Int)] = [:]
    }

    /// Whose clocks stand still while this task asks.
    @TaskLocal package static var current: AskedClocks?

    private let clock: RunClock?
    private let state = Mutex(State())

    /// - Parameter clock: a target's.
    package init(_ clock: RunClock? = nil) {
        self.clock = clock
    }

    /// Stands still while `body` asks a person.
    package func whileAsking<Result>(_ body: () async -> Result) async -> Result {
        begin()
        let result = await body()
        end()
        return result
    }

    /// Waits for what others wait for as well: the clocks of this task stand still while a person is asked for it.
    package func joined<Result>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Result
    ) async rethrows -> Result {
        guard let waiting = Self.current, waiting !== self else { return try await body() }
        join(waiting)
        defer { leave(waiting) }
        return try await body()
    }

    private func begin() {
        clock?.beginAsking()
        state.withLock { state in
            state.asking += 1
            for member in state.members.values { member.clocks.begin() }
        }
    }

    private func end() {
        clock?.endAsking()
        state.withLock { state in
            state.asking -= 1
            for member in state.members.values { member.clocks.end() }
        }
    }

    private func join(_ waiting: AskedClocks) {
        state.withLock { state in
            let count = state.members[ObjectIdentifier(waiting)]?.count ?? 0
            state.members[ObjectIdentifier(waiting)] = (waiting, count + 1)
            guard count == 0 else { return }
            for _ in 0..<state.asking { waiting.begin() }
        }
    }

    private func leave(_ waiting: AskedClocks) {
        state.withLock { state in
            let count = state.members[ObjectIdentifier(waiting)]?.count ?? 0
            guard count <= 1 else {
                state.members[ObjectIdentifier(waiting)] = (waiting, count - 1)
                return
            }
            state.members[ObjectIdentifier(waiting)] = nil
            for _ in 0..<state.asking { waiting.end() }
        }
    }
}
