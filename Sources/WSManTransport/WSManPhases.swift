package import Connections

/// The phases of a connection over WS-Management that other ways in do not have. Before them come `resolve` and `tcp`,
/// and between `tls` and `create` comes `auth`.
extension ConnectionPhase {
    package static let proxy = ConnectionPhase(
        "proxy",
        position: 12,
        activity: "waiting for the proxy to connect to the host",
        suspicion: "the proxy does not reach it, or is not a proxy"
    )
    /// The same as without a proxy, told of what is connected to.
    static func resolve(of proxy: WinRMProxy) -> ConnectionPhase {
        ConnectionPhase("resolve", position: 0, activity: "resolving the name of the proxy \(proxy.shown)")
    }

    static func tcp(to proxy: WinRMProxy) -> ConnectionPhase {
        ConnectionPhase(
            "tcp",
            position: 10,
            activity: "making the TCP connection to the proxy \(proxy.shown)",
            suspicion: "the proxy does not answer, or something in between drops packets"
        )
    }

    package static let tls = ConnectionPhase(
        "tls",
        position: 15,
        activity: "agreeing on TLS",
        suspicion: "the port is open, but no https service answers there"
    )
    /// From the request for a shell to its answer. Over https the login is a part of it.
    package static let create = ConnectionPhase(
        "create",
        position: 85,
        activity: "waiting for the server to create the shell",
        suspicion: "the port is open, but no WinRM service answers there"
    )

    /// All phases of a connection over WS-Management.
    package static let ofWSMan: [ConnectionPhase] = [resolve, tcp, proxy, tls, auth, create]
}

/// What can go wrong on the way over WS-Management, besides what can on every way in.
extension TransportError.Code {
    /// What answers is not an HTTP service, or not one of WS-Management.
    package static let httpProtocol = Self(rawValue: "HTTPProtocolError")
    /// More came than this side takes of an answer.
    package static let limitExceeded = Self(rawValue: "LimitExceeded")
    /// The proxy does not connect to the host.
    package static let proxyRefused = Self(rawValue: "ProxyRefused")
    /// The service is elsewhere, and nobody allowed to go there.
    package static let redirected = Self(rawValue: "Redirected")
    /// What a server sealed cannot be opened, or it answered in clear.
    package static let sealBroken = Self(rawValue: "MessageSealBroken")
}
