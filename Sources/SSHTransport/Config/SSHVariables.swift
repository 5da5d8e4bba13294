/// A variable for the far process (RFC 4254, 6.4).
struct SSHVariable: Sendable, Hashable {
    let name: String
    let value: String
}

/// SetEnv and SendEnv.
enum SSHVariables {
    /// No server takes more than this from a stranger.
    static let most = 64

    /// What is to be sent: SetEnv's, and those of this process's environment that SendEnv names (ssh_config(5)). A pattern
    /// with `-` in front takes names back that came before it.
    /// - Parameter warn: told of what is left out.
    static func chosen(
        by values: SSHConfigValues,
        from environment: [String: String],
        warn: (String) -> Void
    ) -> [SSHVariable] {
        var chosen: [SSHVariable] = []
        for word in values.all("setenv") ?? [] {
            guard let sign = word.firstIndex(of: "=") else { continue }
            let variable = SSHVariable(name: String(word[..<sign]), value: String(word[word.index(after: sign)...]))
            if !chosen.contains(where: { $0.name == variable.name }) { chosen.append(variable) }
        }
        let set = Set(chosen.map(\.name))
        var patterns: [HostPattern] = []
        for word in values.flattened("sendenv") {
            if word.hasPrefix("-") {
                let taken = HostPattern(word.dropFirst())
                patterns.removeAll { taken.fits($0.text) }
            } else {
                patterns.append(HostPattern(word))
            }
        }
        let sent = environment.filter { entry in
            !set.contains(entry.key) && patterns.contains { $0.fits(entry.key) }
        }
        chosen += sent.sorted { $0.key < $1.key }.map { SSHVariable(name: $0.key, value: $0.value) }
        if chosen.count > most {
            warn("SetEnv and SendEnv choose \(chosen.count) variables, and the first \(most) are sent: name fewer.")
        }
        return Array(chosen.prefix(most))
    }
}
