import Connections

/// A run's connections to jump hosts: one for each, shared by all the targets behind it.
actor JumpHosts {
    /// A connection under way or made, and whose clocks stand still where a person is asked for its sake.
    private struct Connecting {
        let task: Task<SSHLink, any Error>
        let clocks: AskedClocks
    }

    private var links: [String: Connecting] = [:]
    /// Connections that were made, for a run's account of them.
    private(set) var connectionCount = 0

    /// The connection to a jump host, made by `connect` where there is none yet, or the one there was is lost.
    func link(
        _ name: String,
        connect: @escaping @Sendable () async throws -> SSHLink
    ) async throws -> SSHLink {
        while let running = links[name] {
            let result = await running.clocks.joined { await running.task.result }
            if case .success(let link) = result, await link.isOpen { return link }
            if links[name]?.task == running.task { links[name] = nil }
            // Whoever waited for an attempt shares its failure; whoever comes later makes another.
            if case .failure(let error) = result { throw error }
        }
        let clocks = AskedClocks()
        let task = AskedClocks.$current.withValue(clocks) { Task { try await connect() } }
        links[name] = Connecting(task: task, clocks: clocks)
        connectionCount += 1
        return try await clocks.joined { try await task.value }
    }

    func close() async {
        let running = links.values
        links = [:]
        for connecting in running {
            connecting.task.cancel()
            if case .success(let link) = await connecting.task.result { await link.close() }
        }
    }
}
