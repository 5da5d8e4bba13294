/// The list that -J and ProxyJump take.
package enum JumpHostList {
    /// The jump host next to the target, and those before it; nil where the list makes no sense.
    package static func last(of list: String) -> (host: SSHTarget, before: String?)? {
        var hosts = list.split(separator: ",", omittingEmptySubsequences: false)
        guard let text = hosts.popLast(), let host = parse(text) else { return nil }
        return (host, hosts.isEmpty ? nil : hosts.joined(separator: ","))
    }

    private static func parse(_ text: Substring) -> SSHTarget? {
        var rest = text.hasPrefix("ssh://") ? text.dropFirst("ssh://".count) : text
        var user: String?
        if let at = rest.lastIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        var port: UInt16?
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            let tail = rest[rest.index(after: end)...]
            if !tail.isEmpty {
                guard tail.hasPrefix(":"), let number = UInt16(tail.dropFirst()) else { return nil }
                port = number
            }
            rest = rest[..<end].dropFirst()
        } else if let colon = rest.lastIndex(of: ":"), rest.firstIndex(of: ":") == colon {
            guard let number = UInt16(rest[rest.index(after: colon)...]) else { return nil }
            port = number
            rest = rest[..<colon]
        }
        guard !rest.isEmpty, port != 0, user != "" else { return nil }
        return SSHTarget(displayName: String(text), host: String(rest), port: port, user: user)
    }
}
