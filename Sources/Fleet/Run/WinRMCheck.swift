import Connections
import EventLoops
import Glibc
import SessionCryptography
import TLS
import WSManTransport
import WinRMParameters

/// What would keep a run from entering its targets over WinRM, as far as this side knows it without a connection: files of
/// authorities, certificates, and passwords that nobody gives.
package struct WinRMCheck: Sendable {
    private let plan: RunPlan
    private let hasPerson: Bool
    private let proofs: WinRMProofs
    private let credentials: RunCredentials

    /// - Parameter hasPerson: whether somebody could be asked for a password.
    package init(_ plan: RunPlan, hasPerson: Bool, mask: SecretMask) {
        self.plan = plan
        self.hasPerson = hasPerson
        credentials = RunCredentials(plan, person: nil, clock: plan.clock, control: RunControl(), mask: mask)
        let shared = WSManEnvironment(
            userAgent: "psrun",
            hashes: OpenSSLDigestHashes(),
            identifiers: { RandomIdentifiers() }
        )
        proofs = WinRMProofs(credentials.source, shared)
    }

    /// How many faults are told.
    private static let most = 20

    /// Each fault once, with the first target that has it, in the words of a run.
    package func faults() async -> [String] {
        var faults: [String] = []
        var seen: Set<WSManTarget.TLS> = []
        for target in plan.targets {
            guard let place = target.winRM, faults.count < Self.most else { continue }
            if place.url.isTLS, seen.insert(place.tls).inserted, let fault = await fault(of: place.tls) {
                faults.append("\(target.name): in phase tls: \(fault)")
            }
            if let user = place.login.user, !hasPerson, let fault = await fault(ofPasswordOf: user, at: place) {
                faults.append("\(target.name): in phase auth: \(fault)")
            }
        }
        return faults
    }

    private func fault(of settings: WSManTarget.TLS) async -> String? {
        do {
            _ = try await proofs.context(settings, plan.environment)
            return nil
        } catch let error as TransportError {
            // Somebody would be asked for the passphrase.
            return hasPerson && error.code.rawValue == "CertificateLocked" ? nil : error.message
        } catch let failure as TLSFailure {
            return failure.message
        } catch {
            return "\(error)"
        }
    }

    private func fault(ofPasswordOf user: String, at place: WSManTarget) async -> String? {
        guard !credentials.runsCommand(for: place.displayName) else { return nil }
        do {
            _ = try await proofs.password(of: user, at: place.displayName)
            return nil
        } catch {
            return (error as? TransportError)?.words(without: place.displayName) ?? "\(error)"
        }
    }
}
