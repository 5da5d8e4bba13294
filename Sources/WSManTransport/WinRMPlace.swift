import HTTPMessages
package import TLS
package import WSManEnvelope

/// Where a WinRM service is, and how it is spoken to.
package struct WinRMPlace: Sendable {
    /// How messages name the target: what the user wrote.
    package var label: String
    /// A name or an address, without brackets; an IPv6 zone stays.
    package var host: String
    package var port: UInt16
    /// What a request's Host header says: `srv01:5985`.
    package var authority: String
    /// From the first slash on: `/wsman?PSVersion=7.6.9`.
    package var target: String
    /// What requests say of the service and of their client.
    package var endpoint: WSManEndpoint
    /// nil for plain http.
    package var tls: SharedTLS?
    package var login: WinRMLogin
    /// Whether TLS shows a certificate of the user's, which a server may refuse without a word.
    package var showsCertificate = false
    /// nil for none; nothing else is asked.
    package var proxy: WinRMProxy?

    package init(
        label: String,
        host: String,
        port: UInt16,
        authority: String,
        target: String,
        endpoint: WSManEndpoint,
        tls: SharedTLS?,
        login: WinRMLogin,
        proxy: WinRMProxy? = nil
    ) {
        self.label = label
        self.host = host
        self.port = port
        self.authority = authority
        self.target = target
        self.endpoint = endpoint
        self.tls = tls
        self.login = login
        self.proxy = proxy
    }

    var isTLS: Bool { tls != nil }

    /// The host as an authority has it.
    var bracketedHost: String { Self.bracketed(host) }

    fileprivate static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    var httpLimits: HTTPLimits { HTTPLimits(envelope: max(endpoint.limits.envelope, endpoint.limits.firstEnvelope)) }

    /// What admits connections: those to one server wait for each other.
    var server: String { "\(host) \(port)" }
}

/// A proxy that connects to the server (HTTP's CONNECT).
package struct WinRMProxy: Sendable {
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// As messages name it.
    var shown: String { "\(WinRMPlace.bracketed(host)):\(port)" }
}

/// The authorities that connections trust, and what they show: read once, when the first of them needs it.
package typealias SharedTLS = MadeOnce<TLSContext>
