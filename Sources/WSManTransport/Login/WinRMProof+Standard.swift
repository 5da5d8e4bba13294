import CredSSP
import Files
package import GSSWorker
import TLS
package import WinRMAuth

extension WinRMProof {
    /// What GSSAPI and CredSSP prove.
    /// - Parameters:
    ///   - service: what tickets are asked for.
    ///   - environment: has what is shared with others who log in as the same user.
    ///   - cache: the credential cache whose tickets count where there is no password; nil for the machine's own choice.
    package static func standard(
        _ plan: AuthenticationPlan,
        for service: ServicePrincipal,
        in environment: WSManEnvironment,
        cache: String? = nil
    ) -> WinRMProof {
        guard plan.scheme.hasTokens else { return WinRMProof(plan) }
        let credential = environment.credentials.credential(for: plan, cache: cache)
        guard plan.scheme == .credSSP else {
            return WinRMProof(plan) { binding, loop in
                GSSTokens(credential, plan, for: service, channelBinding: binding, on: loop)
            }
        }
        let tls = environment.innerTLS
        return WinRMProof(plan) { _, loop in
            guard let login = plan.credential else {
                throw AuthenticationFailure(.refusedHere, "CredSSP needs a user's name and password.")
            }
            let context = GSSSecurityContext(credential, for: service, channelBinding: nil)
            let client = try CredSSPClient(
                await tls.value(),
                inner: CredSSPInnerLogin(context: context, loop: loop),
                identity: identity(of: login)
            )
            return CredSSPTokens(client, waitsFor: "a token for \(service) (\(credential.told))", on: loop)
        }
    }

    private static func identity(of login: WinRMCredential) -> CredSSPIdentity {
        let (domain, user) =
            switch login.account {
            case .downLevel(let domain, let user): (domain, user)
            case .principal, .local: ("", login.user)
            }
        var password = login.password()
        defer { FileContents.wipe(&password) }
        return CredSSPIdentity(domain: domain, user: user, password: Secret(password))
    }
}
