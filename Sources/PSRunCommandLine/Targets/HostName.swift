/// A `-HostName` value: `[user@]host[:port]`, as Enter-PSSession splits it, with psrun's deviations: an IPv6 zone is
/// kept, the user is taken as written, and a path, query or fragment is refused instead of dropped.
package struct HostName: Sendable, Hashable {
    /// Lower-cased, as the prompt shows it: a name, an IPv4 address, or an IPv6 address in brackets with its zone.
    package var host: String
    /// nil where none is embedded.
    package var user: String?
    /// 1 to 65535; nil where none is embedded.
    package var port: UInt16?
    /// The host as it was typed, by which ssh_config's patterns go.
    package var givenHost: String

    /// - Parameter given: the host as it was typed, where that differs.
    package init(host: String, user: String? = nil, port: UInt16? = nil, given: String? = nil) {
        self.host = host
        self.user = user
        self.port = port
        givenHost = given ?? host
    }

    /// The letter case of a host makes no other host.
    package static func == (left: HostName, right: HostName) -> Bool {
        left.host == right.host && left.user == right.user && left.port == right.port
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(host)
        hasher.combine(user)
        hasher.combine(port)
    }

    /// What a resolver takes: `host` without an IPv6 address's brackets.
    package var address: String { Self.withoutBrackets(host) }

    /// The same as it was typed.
    package var givenAddress: String { Self.withoutBrackets(givenHost) }

    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }
}

extension HostName: CustomStringConvertible {
    /// `user@host:port`, without what is not there.
    package var description: String {
        var text = host
        if let user {
            text = "\(user)@\(text)"
        }
        if let port {
            text += ":\(port)"
        }
        return text
    }
}
