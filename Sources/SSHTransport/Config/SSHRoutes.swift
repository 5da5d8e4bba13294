import Glibc

/// Tells whether two targets of a run are one: reached in the same way, as the same user.
package struct SSHRoutes: Sendable {
    /// Where a target leads, and how. Two targets are one where theirs are the same.
    package struct Route: Sendable, Hashable {
        fileprivate let settings: SSHSettings?
        /// What was named, where the configuration cannot be put together.
        fileprivate let named: SSHTarget?
    }

    private let options: SSHOptions
    private let facts: SSHEnvironment.Facts
    private let configuration: SSHConfiguration?

    /// Reads the configuration, and says nothing of what is wrong with it: that is told when a target is reached.
    package init(options: SSHOptions, facts: SSHEnvironment.Facts = .ofThisProcess()) {
        self.options = options
        self.facts = facts
        configuration = try? SSHEnvironment.readConfiguration(options, facts) { _ in }
    }

    /// The routes to some targets, in their order. Where the configuration cannot be put together for one of them, what
    /// was named counts for all.
    package func routes(to targets: [SSHTarget]) -> [Route] {
        let settings = targets.compactMap(settings)
        guard settings.count == targets.count else {
            return targets.map { target in
                let named = SSHTarget(
                    displayName: "",
                    host: Self.plain(target.host),
                    port: target.port ?? 22,
                    user: target.user ?? facts.user
                )
                return Route(settings: nil, named: named)
            }
        }
        return settings.map { Route(settings: $0, named: nil) }
    }

    private func settings(for target: SSHTarget) -> SSHSettings? {
        let query = SSHConfiguration.Query(
            host: target.host,
            user: target.user,
            port: target.port,
            localUser: facts.user
        )
        guard var configuration else { return nil }
        if let own = target.own {
            guard let lines = try? own.options.map(SSHEnvironment.optionLine) else { return nil }
            configuration.options = lines
        }
        guard
            var settings = try? SSHSettings(
                target: target,
                values: configuration.values(for: query),
                options: options(for: target),
                facts: facts,
                warn: { _ in }
            )
        else { return nil }
        settings.hostName = Self.plain(settings.hostName)
        return settings
    }

    /// The key that an inventory names for a target leads to no other session.
    private func options(for target: SSHTarget) -> SSHOptions {
        var target = target
        target.keyFile = nil
        return options.applied(to: target)
    }

    /// One spelling of a name or an address: small letters, and an IPv6 address as the system writes it, its zone kept.
    package static func plain(_ host: String) -> String {
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var address = in6_addr()
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard
            let first = parts.first, inet_pton(AF_INET6, String(first), &address) == 1,
            inet_ntop(AF_INET6, &address, &text, socklen_t(INET6_ADDRSTRLEN)) != nil
        else { return host.lowercased() }
        let plain = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? host }
        return plain + parts.dropFirst().map { "%\($0)" }.joined()
    }
}
