/// The hosts that the user's ssh_config and the system's name outright, without patterns.
package enum SSHHostNames {
    /// In the order of the files, each once; none where they cannot be read. Blocks for as long as they take.
    package static func configured(_ facts: SSHEnvironment.Facts = .ofThisProcess()) -> [String] {
        guard let configuration = try? SSHEnvironment.readConfiguration(SSHOptions(), facts, warn: { _ in }) else {
            return []
        }
        var seen: Set<String> = []
        return configuration.outrightNames.filter { seen.insert($0).inserted }
    }
}
