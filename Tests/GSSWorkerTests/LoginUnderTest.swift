import Connections
import EventLoops
import GSSWorker
import Glibc
import MessageSeal
import PSRunTestSupport
import SessionCryptography
import WinRMAuth

/// A realm that this process is a client of, as long as it lives; one at a time.
final class RealmUnderTest: Sendable {
    let realm: KerberosRealm

    init(
        services: [String] = ["host/localhost", "HTTP/localhost"],
        others: [String: Int] = [:],
        life: String = "12h",
        keyType: String = "aes256-cts"
    ) async throws {
        realm = try await KerberosRealm(services: services, others: others, life: life, keyType: keyType)
        for (name, value) in realm.environment { setenv(name, value, 1) }
        unsetenv("NTLM_USER_FILE")
    }

    /// How many requests of a kind the KDC has had with this outcome: AS_REQ for logins, TGS_REQ for services' tickets.
    func requests(_ kind: String, _ outcome: String) throws -> Int {
        try realm.log().filter { $0.contains(" \(kind) ") && $0.contains(": \(outcome): ") }.count
    }
}

/// A connection that was authenticated, or was not.
struct LoginUnderTest {
    let end: AuthenticationStep
    let plan: AuthenticationPlan
    let context: GSSSecurityContext
    private let connection: LoopbackHTTP
    /// What was answered to a request that went along with a token.
    let answer: [UInt8]

    struct TimeIsUp: Error {
        let activity: String
    }

    /// - Parameter deadline: of each wait for a mechanism.
    static func limit(_ deadline: ConnectingDeadline? = nil) throws -> GSSDeadline {
        GSSDeadline(on: try TestLoops.next(), deadline) { TimeIsUp(activity: $0) }
    }

    /// Has a connection to an acceptor authenticated, as a transport does.
    /// - Parameter body: the request that goes along where it may.
    init(
        _ plan: AuthenticationPlan,
        to acceptor: WinRMAcceptor,
        credential: GSSCredential? = nil,
        service: ServicePrincipal = ServicePrincipal(host: "localhost"),
        binding: [UInt8]? = nil,
        body: [UInt8] = Array("<Envelope/>".utf8)
    ) async throws {
        let means = WinRMAuthentication.DigestMeans(
            target: "/",
            random: { Array(repeating: 7, count: $0) },
            hashes: OpenSSLDigestHashes()
        )
        var machine = WinRMAuthentication(plan, digest: means)
        let context = GSSSecurityContext(credential ?? GSSCredential(plan), for: service, channelBinding: binding)
        let connection = try LoopbackHTTP(port: acceptor.port)
        let limit = try Self.limit()
        var step = machine.begin()
        var answer: [UInt8] = []
        steps: while true {
            switch step {
            case .need(let request):
                do {
                    let made = try await context.step(request.input, within: limit)
                    step = machine.token(.token(made.output, isComplete: made.isComplete, mayEnd: true))
                } catch let failure as GSSFailure {
                    step = machine.token(.failed(failure.message))
                }
            case .send(let header, let wish):
                let got = try connection.exchange(
                    headers: header.map { [("Authorization", $0)] } ?? [],
                    body: wish == .request ? body : []
                )
                answer = got.body
                step = machine.answered(status: got.status, challenges: got.values(of: "www-authenticate"))
            case .ready, .failed:
                break steps
            }
        }
        (end, self.plan, self.context, self.connection, self.answer) = (step, plan, context, connection, answer)
    }

    var isReady: Bool { if case .ready = end { true } else { false } }

    var failure: AuthenticationFailure? { if case .failed(let failure) = end { failure } else { nil } }

    /// Says something sealed.
    /// - Returns: the answer as it came.
    func ask(_ text: String) throws -> (contentType: String, body: [UInt8]) {
        var sealer = context
        let message = try SealedMessage.encode(
            Array(text.utf8),
            type: "application/soap+xml;charset=UTF-8",
            as: plan.scheme.sealing ?? .spnego,
            with: &sealer
        )
        let got = try connection.exchange(headers: [("Content-Type", message.contentType)], body: message.body)
        return (got.values(of: "content-type").first ?? "", got.body)
    }

    func open(_ contentType: String, _ body: [UInt8]) throws -> [UInt8] {
        var sealer = context
        return try SealedMessage.decode(contentType: contentType, body: body, with: &sealer).body
    }

    /// Says something sealed, and gives what is heard of it: backwards.
    func say(_ text: String) throws -> [UInt8] {
        let (contentType, body) = try ask(text)
        return try open(contentType, body)
    }
}

extension AuthenticationPlan {
    /// For tests.
    init(
        _ asked: AskedAuthentication,
        user: String?,
        password: String = KerberosRealm.password,
        isTLS: Bool = false,
        permits: AuthenticationPermits = .none
    ) throws(AuthenticationFailure) {
        let credential = user.map { user in WinRMCredential(user: user, password: { Array(password.utf8) }) }
        try self.init(asked, credential: credential, isTLS: isTLS, permits: permits)
    }
}
