/// A run's connections to jump hosts: one for each, shared by all the targets behind it.
actor JumpHosts {
    private var links: [String: Task<SSHLink, any Error>] = [:]
    /// Connections that were made, for a run's account of them.
    private(set) var connectionCount = 0

    /// The connection to a jump host, made by `connect` where there is none yet, or the one there was is lost.
    func link(
        _ name: String,
        connect: @escaping @Sendable () async throws -> SSHLink
    ) async throws -> SSHLink {
        while let running = links[name] {
            let result = await running.result
            if case .success(let link) = result, await link.isOpen { return link }
            if links[name] == running { links[name] = nil }
            // Whoever waited for an attempt shares its failure; whoever comes later makes another.
            if case .failure(let error) = result { throw error }
        }
        let task = Task { try await connect() }
        links[name] = task
        connectionCount += 1
        return try await task.value
    }

    func close() async {
        let running = links.values
        links = [:]
        for task in running {
            task.cancel()
            if case .success(let link) = await task.result { await link.close() }
        }
    }
}
