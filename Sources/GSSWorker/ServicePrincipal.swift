/// The service that a security context is for, as Kerberos names it.
package struct ServicePrincipal: Sendable, Hashable, CustomStringConvertible {
    /// `host`, which every computer of a domain has; `HTTP` and `WSMAN` are others for the same.
    package let service: String
    /// As the user wrote it; no name server rewrites it.
    package let host: String
    /// Written behind the host where it is asked for (`-IncludePortInSPN`).
    package let port: Int?

    package init(service: String = "host", host: String, port: Int? = nil) {
        self.service = service
        self.host = host
        self.port = port
    }

    /// `host/srv01.example.com`.
    package var description: String { "\(service)/\(fullHost)" }

    /// Kerberos's names are in small letters where they are hosts'.
    var fullHost: String { host.lowercased() + (port.map { ":\($0)" } ?? "") }

    /// `host@srv01.example.com`, as GSSAPI has services of hosts.
    var hostBased: String { "\(service)@\(fullHost)" }
}
