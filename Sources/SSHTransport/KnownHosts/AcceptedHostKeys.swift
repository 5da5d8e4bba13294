import Connections

/// The host keys that were accepted in this run, by whatever rule: what was accepted once as a host's key is that host's
/// key from then on, also where no file was written.
actor AcceptedHostKeys {
    /// A question that is being decided: others with one on the same name wait for it.
    private struct Decision {
        let end: Task<Void, Never>
        let clocks: AskedClocks
    }

    private var keys: [String: PublicKey] = [:]
    private var open: [String: Decision] = [:]

    /// The key that a name has in this run.
    func key(of name: String) -> PublicKey? { keys[name] }

    /// Takes a key for a name, unless the name has one.
    /// - Parameter decide: whether to take it: returns where it is taken; made for one key of a name at a time.
    /// - Returns: the key that the name has; another one where that came first.
    /// - Throws: what `decide` throws.
    func take(
        _ key: PublicKey,
        for name: String,
        deciding decide: @escaping @Sendable () async throws -> Void
    ) async throws -> PublicKey {
        while let decision = open[name] {
            await decision.clocks.joined { await decision.end.value }
        }
        if let accepted = keys[name] { return accepted }
        let clocks = AskedClocks()
        let task = AskedClocks.$current.withValue(clocks) { Task { try await decide() } }
        open[name] = Decision(end: Task { _ = await task.result }, clocks: clocks)
        defer { open[name] = nil }
        try await clocks.joined { try await task.value }
        keys[name] = key
        return key
    }
}
