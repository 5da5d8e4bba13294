import PSRunTestSupport
import Synchronization

/// The services that rows of WinRM's tests enter, and what logs in there; each made once, when a row first needs it.
final class WinRMSite: Sendable {
    enum Service: String, Sendable {
        /// Http: NTLM within SPNEGO, CredSSP, Basic; by pyspnego.
        case http
        /// The same by https, and certificates.
        case https
        /// Http: Kerberos and NTLM (gss-ntlmssp), by this machine's GSSAPI.
        case realm
        /// Https, the same.
        case realmByTLS
        /// Digest with MD5 by apache, which passes on to a WSMan server; with SHA-256 by lighttpd.
        case apache, lighttpd
    }

    static let shared = WinRMSite()

    let http = Shared { try await WSManServer(schemes: "negotiate,credssp,basic") }
    let https = Shared {
        try await WSManServer(
            schemes: "negotiate,credssp,basic,certificate",
            tls: TestCertificates.path("host.pem"),
            clients: TestCertificates.path("authority.pem")
        )
    }
    let kerberos = Shared { try await KerberosRealm() }
    let realm: Shared<WSManServer>
    let realmByTLS: Shared<WSManServer>
    private let behind = Shared { try await WSManServer(schemes: "none") }
    private let apache: Shared<DigestServer>
    private let lighttpd: Shared<DigestServer>

    private init() {
        let (kerberos, behind) = (kerberos, behind)
        realm = Shared { try await WSManServer(schemes: "kerberos,negotiate", realm: kerberos.value()) }
        realmByTLS = Shared {
            try await WSManServer(schemes: "kerberos,negotiate", isTLS: true, realm: kerberos.value())
        }
        apache = Shared { try await DigestServer(.apache, backend: behind.value().port) }
        lighttpd = Shared { try await DigestServer(.lighttpd, backend: behind.value().port) }
    }

    /// Where a service listens, and whose log tells of it.
    func place(_ service: Service) async throws -> (port: Int, server: WSManServer) {
        switch service {
        case .http: try await own(http)
        case .https: try await own(https)
        case .realm: try await own(realm)
        case .realmByTLS: try await own(realmByTLS)
        case .apache: (try await apache.value().port, try await behind.value())
        case .lighttpd: (try await lighttpd.value().port, try await behind.value())
        }
    }

    private func own(_ server: Shared<WSManServer>) async throws -> (port: Int, server: WSManServer) {
        let server = try await server.value()
        return (server.port, server)
    }

    /// What is made once, by whoever needs it first.
    final class Shared<Value: Sendable>: Sendable {
        private let make: @Sendable () async throws -> Value
        private let made = Mutex<Task<Value, any Error>?>(nil)

        init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

        func value() async throws -> Value {
            let task = made.withLock { made in
                let task = made ?? Task { [make] in try await make() }
                made = task
                return task
            }
            return try await task.value
        }
    }
}
