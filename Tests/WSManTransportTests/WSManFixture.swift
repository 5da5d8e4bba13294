import Connections
import EventLoops
import GSSWorker
import Glibc
import PSRP
import PSRunTestSupport
import Synchronization
import TLS
import Threads
import WSManEnvelope
import WinRMAuth

@testable import WSManTransport

/// A server, and sessions on it.
struct WSManFixture: Sendable {
    /// How the tests' sessions are secured.
    enum Way: String, CaseIterable, Sendable {
        /// Nothing is sealed: every byte of a request is where it stands.
        case basicOverHTTP
        case basicOverHTTPS
        /// Sealed by NTLM.
        case negotiateOverHTTP
        /// Bound to the server's certificate.
        case negotiateOverHTTPS
        case credSSPOverHTTP
        case credSSPOverHTTPS
        case kerberosOverHTTP
        case kerberosOverHTTPS

        /// One of each kind: in clear, by TLS, sealed.
        static let kinds = [basicOverHTTP, basicOverHTTPS, negotiateOverHTTP]

        var isTLS: Bool { rawValue.hasSuffix("HTTPS") }

        var asked: AskedAuthentication {
            switch self {
            case .basicOverHTTP, .basicOverHTTPS: .basic
            case .negotiateOverHTTP, .negotiateOverHTTPS: .negotiate
            case .credSSPOverHTTP, .credSSPOverHTTPS: .credSSP
            case .kerberosOverHTTP, .kerberosOverHTTPS: .kerberos
            }
        }
    }

    let way: Way
    let server: WSManServer
    /// What knows the users, where Kerberos does.
    let realm: KerberosRealm?
    private static let numbers = Mutex(0)

    init(_ way: Way, command: [String]? = [BuiltProgram.path, "endpoint"]) async throws {
        self.way = way
        realm = way.asked == .kerberos ? try await KerberosRealm() : nil
        // This process is a client of that realm, one at a time.
        for (name, value) in realm?.environment ?? [:] { setenv(name, value, 1) }
        let schemes = way.asked.rawValue.lowercased()
        server = try await WSManServer(schemes: schemes, isTLS: way.isTLS, command: command, realm: realm)
    }

    /// A name for a plan that nobody else has.
    static func newID() -> String {
        let number = numbers.withLock { number in
            number += 1
            return number
        }
        return "\(number)"
    }

    /// - Parameters:
    ///   - plan: what goes wrong at the server, as its URL says it: `strike=Create:1:read:close`.
    ///   - port: another one than the server's.
    func place(_ id: String, _ plan: String = "", port: Int? = nil, password: String? = nil)
        -> WinRMPlace
    {
        let port = port ?? server.port
        let target = "/wsman?id=\(id)" + (plan.isEmpty ? "" : "&\(plan)")
        let certificate = server.certificate
        return WinRMPlace(
            label: "web01",
            host: "127.0.0.1",
            port: UInt16(port),
            authority: "127.0.0.1:\(port)",
            target: target,
            endpoint: WSManEndpoint(
                address: "\(way.isTLS ? "https" : "http")://127.0.0.1:\(port)\(target)",
                host: "web01"
            ),
            tls: way.isTLS ? Self.trust(certificate) : nil,
            login: login(password)
        )
    }

    func transport(
        _ id: String,
        _ plan: String = "",
        port: Int? = nil,
        redirect: WSManRedirection = .refused,
        patience: Duration = .seconds(5),
        loop: EventLoop? = nil
    ) throws -> WSManTransport {
        WSManTransport(
            to: place(id, plan, port: port),
            environment: Self.environment(),
            redirect: redirect,
            patience: patience,
            loop: try loop ?? TestLoops.next()
        )
    }

    private static func trust(_ file: String) -> SharedTLS {
        SharedTLS {
            try await offLoop(in: .files) {
                try TLSContext(TLSSettings(trust: .authorities(files: [file], folder: nil, lists: nil)))
            }
        }
    }

    static func environment() -> WSManEnvironment {
        WSManEnvironment(userAgent: "psrun/test", hashes: NoHashes(), identifiers: { OwnIdentifiers() })
    }

    func login(_ password: String?) -> WinRMLogin {
        let way = way
        return WinRMLogin { try way.proof(password) }
    }
}

/// For schemes that hash nothing.
struct NoHashes: DigestHashing {
    func md5(_ bytes: [UInt8]) -> [UInt8] { [] }
    func sha256(_ bytes: [UInt8]) -> [UInt8] { [] }
}

extension WSManFixture.Way {
    /// - Parameter password: nil for the right one.
    func proof(_ password: String?) throws -> WinRMProof {
        let (user, right) =
            switch asked {
            case .basic: (WSManServer.user, WSManServer.password)
            case .kerberos: (KerberosRealm.alice, KerberosRealm.password)
            default: ("DOMAIN\\\(WSManServer.user)", WSManServer.password)
            }
        let credential = WinRMCredential(user: user) { Array((password ?? right).utf8) }
        let permits = AuthenticationPermits(plainHTTP: [.basic, .credSSP])
        let plan = try AuthenticationPlan(asked, credential: credential, isTLS: isTLS, permits: permits)
        return .standard(plan, for: ServicePrincipal(host: "localhost"), in: WSManFixture.environment())
    }
}
