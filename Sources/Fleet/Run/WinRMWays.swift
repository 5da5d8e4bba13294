import Connections
import EventLoops
import PSRP
import SSHTransport
import SessionCryptography
import Synchronization
import TLS
import WSManEnvelope
import WSManTransport
import WinRMParameters

/// How a run's targets over WinRM are reached: what they share is made once.
final class WinRMWays: Sendable {
    private let shared: WSManEnvironment
    private let proofs: WinRMProofs
    private let environment: [String: String]
    private let warn: @Sendable (String) -> Void
    /// The authorities and the certificate of each kind of https, read when the first connection needs them.
    private let tls = Mutex<[WSManTarget.TLS: SharedTLS]>([:])

    /// - Parameter warn: told where a server sends a session.
    init(
        version: String,
        credentials: CredentialSource,
        environment: [String: String],
        warn: @escaping @Sendable (String) -> Void
    ) {
        shared = WSManEnvironment(
            userAgent: "psrun/\(version)",
            hashes: OpenSSLDigestHashes(),
            identifiers: { RandomIdentifiers() }
        )
        proofs = WinRMProofs(credentials, shared)
        self.environment = environment
        self.warn = warn
    }

    /// - Parameter patience: how long the session's end may take.
    func transport(to target: WSManTarget, patience: Duration, on loop: EventLoop) -> any SessionTransport {
        WSManTransport(
            to: place(of: target),
            environment: shared,
            redirect: redirection(of: target),
            patience: patience,
            loop: loop
        )
    }

    /// The target as its transport takes it.
    private func place(of target: WSManTarget) -> WinRMPlace {
        let url = target.url.naming
        var place = WinRMPlace(
            label: target.displayName,
            host: url.host,
            port: url.port,
            authority: url.authority,
            target: url.target,
            endpoint: WSManEndpoint(target),
            tls: url.isTLS ? sharedTLS(target.tls) : nil,
            login: proofs.login(to: target),
            proxy: target.proxy.map { WinRMProxy(host: $0.host, port: $0.port) }
        )
        place.showsCertificate = target.login == .certificate
        return place
    }

    private func redirection(of target: WSManTarget) -> WSManRedirection {
        let redirector = Mutex(WSManRedirector(target))
        return WSManRedirection { [self] _, location, _ throws(TransportError) in
            let step: WSManRedirector.Step
            do throws(WSManParameterError) {
                step = try redirector.withLock { redirector throws(WSManParameterError) in
                    try redirector.redirected(to: location)
                }
            } catch {
                throw TransportError(.redirected, phase: .create, error.message)
            }
            warn("\(target.displayName): \(step.warning)")
            return place(of: step.target)
        }
    }

    private func sharedTLS(_ settings: WSManTarget.TLS) -> SharedTLS {
        tls.withLock { tls in
            if let known = tls[settings] { return known }
            let made = SharedTLS { [proofs, environment] in try await proofs.context(settings, environment) }
            tls[settings] = made
            return made
        }
    }
}

extension WSManEndpoint {
    fileprivate init(_ target: WSManTarget) {
        let options = target.options
        self.init(address: target.url.naming.text, host: target.url.host, resourceURI: target.resourceURI)
        // What texts are translated to, and how dates and numbers are written (MS-WSMV 2.2.4).
        locale = options.uiCulture
        dataLocale = options.culture
        skipsMachineProfile = options.skipsProfile
        idleTimeout = options.idleTimeout.map(\.wholeSeconds)
        times.operation = options.operationTimeout.wholeSeconds
        times.cancel = options.cancelTimeout.wholeSeconds
        if let bytes = options.envelopeBytes {
            limits.firstEnvelope = bytes
            limits.envelope = bytes
        }
    }
}

extension Duration {
    /// Rounded up, and one at least.
    fileprivate var wholeSeconds: Int {
        let (seconds, rest) = components
        return max(1, Int(clamping: seconds) + (rest > 0 ? 1 : 0))
    }
}
