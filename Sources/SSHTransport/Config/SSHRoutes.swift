import Glibc

/// Tells whether two targets of a run are one: the same user on the same machine, reached in the same way.
package struct SSHRoutes: Sendable {
    /// Where a target leads. Two targets are one where theirs are the same, whatever they are called and whichever key
    /// opens them.
    package struct Route: Sendable, Hashable {
        package let machine: Machine
        /// The name itself, where a pattern (`Host h*`) or an option gives many names one HostName: whoever wrote that means
        /// as many targets.
        fileprivate var name: String?
    }

    /// A machine, and the way to it.
    package struct Machine: Sendable, Hashable {
        /// What is connected to: HostName, or the host as it was named; in one spelling.
        package let host: String
        package let port: UInt16
        package let user: String
        /// Behind different jump hosts or proxies one address is two machines, and HostKeyAlias says so itself.
        fileprivate var jump: String?
        fileprivate var proxy: ProxyCommandLine?
        fileprivate var alias: String?
    }

    private let options: SSHOptions
    private let facts: SSHEnvironment.Facts
    private let configuration: SSHConfiguration?
    /// The hosts that the configuration names without a pattern.
    private let outrightNames: Set<String>

    /// Reads the configuration, and says nothing of what is wrong with it: that is told when a target is reached.
    package init(options: SSHOptions, facts: SSHEnvironment.Facts = .ofThisProcess()) {
        self.options = options
        self.facts = facts
        configuration = try? SSHEnvironment.readConfiguration(options, facts) { _ in }
        outrightNames = Set(configuration?.outrightNames.map(Self.plain) ?? [])
    }

    /// Whether two names may lead to one machine: the configuration has HostName somewhere.
    package var mayRename: Bool { configuration?.setsHostName == true }

    /// Where the configuration cannot be put together for a target, what was named counts.
    package func route(to target: SSHTarget) -> Route {
        guard let settings = settings(for: target) else {
            return Route(
                machine: Machine(
                    host: Self.plain(target.host),
                    port: target.port ?? 22,
                    user: target.user ?? facts.user
                )
            )
        }
        let machine = Machine(
            host: Self.plain(settings.hostName),
            port: settings.port,
            user: settings.user,
            jump: settings.proxyJump,
            proxy: settings.proxyCommand,
            alias: settings.hostKeyAlias
        )
        let name = Self.plain(target.host)
        let isOwn = name == machine.host || outrightNames.contains(name)
        return Route(machine: machine, name: isOwn ? nil : name)
    }

    private func settings(for target: SSHTarget) -> SSHSettings? {
        guard var configuration else { return nil }
        if let own = target.own {
            guard let lines = try? own.options.map(SSHEnvironment.optionLine) else { return nil }
            configuration.options = lines
        }
        let query = SSHConfiguration.Query(
            host: target.host,
            user: target.user,
            port: target.port,
            localUser: facts.user
        )
        return try? SSHSettings(
            target: target,
            values: configuration.values(for: query),
            options: options(for: target),
            facts: facts,
            warn: { _ in }
        )
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
