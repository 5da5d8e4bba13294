import Certificates
import Connections
import EventLoops
import Files
import GSSWorker
import Glibc
import SSHTransport
import TLS
import Threads
import WSManTransport
import WinRMAuth
import WinRMParameters

/// What proves over WinRM who one is, and whom one trusts.
struct WinRMProofs: Sendable {
    private let credentials: CredentialSource
    private let shared: WSManEnvironment

    init(_ credentials: CredentialSource, _ shared: WSManEnvironment) {
        self.credentials = credentials
        self.shared = shared
    }

    /// - Returns: what asks for the password once a connection needs it.
    func login(to target: WSManTarget) -> WinRMLogin {
        WinRMLogin { [self] in
            let credential: WinRMCredential?
            if let user = target.login.user {
                let password = try await password(of: user, at: target.displayName)
                credential = WinRMCredential(user: user) { password.withBytes { Array($0) } }
            } else {
                credential = nil
            }
            let plan = try AuthenticationPlan(
                target.login.asked,
                credential: credential,
                hasCertificate: target.login == .certificate,
                isTLS: target.url.isTLS,
                permits: target.permits
            )
            let service = ServicePrincipal(
                service: target.service.name,
                host: target.service.host,
                port: target.service.port.map(Int.init)
            )
            return .standard(plan, for: service, in: shared)
        }
    }

    func password(of user: String, at host: String) async throws -> Secret {
        let request = CredentialSource.Request(need: .password(user: user, host: host))
        if let secret = try await credentials.secret(for: request) { return secret }
        throw TransportError(
            .authenticationFailed,
            phase: .auth,
            "\(host): there is no password for \(user). Give --password-file or --password-command, or run psrun at a terminal."
        )
    }

    /// Reads the authorities and the certificate that connections of https share.
    /// - Throws: TransportError.
    func context(_ settings: WSManTarget.TLS, _ environment: [String: String]) async throws -> TLSContext {
        let certificate = try await certificate(settings.clientCertificate, environment)
        return try await offLoop(in: .files) {
            let trust: TLSTrust =
                settings.trustFile.map {
                    .authorities(files: [HomeFolders.expandTildeWherePossible($0)], folder: nil, lists: nil)
                } ?? .system(environment)
            var own = TLSSettings(trust: trust)
            own.skipsCACheck = !settings.checksAuthority
            own.skipsCNCheck = !settings.checksName
            own.skipsRevocationCheck = !settings.looksAtRevocationLists
            own.trustOption = settings.trustFile.map { _ in "--ca-file" }
            own.clientCertificate = certificate
            return try TLSContext(own)
        }
    }

    private func certificate(
        _ wanted: WSManTarget.ClientCertificate?,
        _ environment: [String: String]
    ) async throws -> ClientCertificate? {
        switch wanted {
        case nil: return nil
        case .files(let file, let key): return try await certificate(in: file, key)
        case .thumbprint(let digits, let store):
            let folder = store.map { HomeFolders.expandTildeWherePossible($0) } ?? Self.standardStore(environment)
            do {
                return try await CertificateStore(folder).certificate(
                    try Thumbprint(digits),
                    now: Int64(time(nil)),
                    passphrase: { try await passphrase(of: $0) }
                )
            } catch let failure as CertificateStoreFailure {
                throw TransportError(
                    TransportError.Code(rawValue: failure.code.rawValue),
                    phase: .tls,
                    failure.message
                )
            }
        }
    }

    /// `psrun/certificates` in the user's folder of configurations.
    private static func standardStore(_ environment: [String: String]) -> String {
        let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (folder ?? "\(UserAccount.home(environment) ?? "")/.config") + "/psrun/certificates"
    }

    private func passphrase(of file: String) async throws -> Secret? {
        try await credentials.secret(for: CredentialSource.Request(need: .passphrase(keyFile: file)))
    }

    /// A certificate and its key in PEM files, as inventories name them.
    private func certificate(in file: String, _ keyFile: String) async throws -> ClientCertificate {
        let text = try await Self.contents(of: file, isSecret: false)
        var keyText = try await Self.contents(of: keyFile, isSecret: true)
        defer { FileContents.wipe(&keyText) }
        func refuse(_ why: String) -> TransportError {
            TransportError(.certificateUnusable, phase: .tls, "\(why). Look at it with openssl x509 and openssl pkey.")
        }
        let certificates = CertificateReading.certificates(inPEM: text)
        guard let certificate = certificates.first else { throw refuse("\(file) has no certificate in PEM form") }
        let key: PrivateKey
        do throws(CertificateReading.Failure) {
            key = try CertificateReading.privateKey(inPEM: keyText, passphrase: nil)
        } catch {
            guard case .needsPassphrase = error, let secret = try await passphrase(of: keyFile),
                let opened = try? CertificateReading.privateKey(inPEM: keyText, passphrase: secret)
            else { throw refuse("the key of \(keyFile) cannot be read, or its passphrase is another one") }
            key = opened
        }
        guard key.fits(certificate) else { throw refuse("\(keyFile) is not the key of \(file)") }
        return ClientCertificate(certificate, key, chain: Array(certificates.dropFirst()))
    }

    private static func contents(of path: String, isSecret: Bool) async throws -> [UInt8] {
        let place = HomeFolders.expandTildeWherePossible(path)
        let found: Result<[UInt8], FileFailure> = await Lane.files.run {
            Result { () throws(FileFailure) in
                try FileContents.read(place, limit: mostBytes, kind: .regular, isSecret: isSecret)
            }
        }
        do throws(FileFailure) {
            return try found.get()
        } catch {
            throw TransportError(.certificateUnusable, phase: .tls, "\(path) cannot be used: \(error.reason).")
        }
    }

    /// A certificate with its chain has a few kB.
    private static let mostBytes = 1 << 20
}

extension TransportError.Code {
    /// The certificate that a client is to show cannot be had.
    static let certificateUnusable = Self(rawValue: "CertificateUnusable")
}

extension WSManLogin {
    fileprivate var asked: AskedAuthentication {
        switch self {
        case .basic: .basic
        case .digest: .digest
        case .negotiate: .negotiate
        case .kerberos: .kerberos
        case .credSSP: .credSSP
        case .certificate: .default
        }
    }
}

extension WSManTarget {
    /// What its parameters allowed by name.
    fileprivate var permits: AuthenticationPermits {
        let scheme: AuthenticationScheme? =
            switch login {
            case .basic: .basic
            case .digest: .digest
            case .credSSP: .credSSP
            case .negotiate, .kerberos, .certificate: nil
            }
        let mayFallBack: Bool =
            switch login {
            case .negotiate(_, let mechanisms), .credSSP(_, let mechanisms): mechanisms.ntlm
            case .basic, .digest, .kerberos, .certificate: false
            }
        return AuthenticationPermits(plainHTTP: scheme.map { [$0] } ?? [], ntlmForPrincipals: mayFallBack)
    }
}
