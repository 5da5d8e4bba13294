import EventLoops
import GSSWorker
import MessageSeal
import WinRMAuth

/// Tokens of Kerberos and NTLM, by GSSAPI.
struct GSSTokens: WinRMTokens {
    private let context: GSSSecurityContext
    private let credential: GSSCredential
    /// Whether a server may be content with the first token: Kerberos's is one.
    private let mayEndAtOnce: Bool
    private let loop: EventLoop

    init(
        _ credential: GSSCredential,
        _ plan: AuthenticationPlan,
        for service: ServicePrincipal,
        channelBinding: [UInt8]?,
        on loop: EventLoop
    ) {
        self.credential = credential
        self.loop = loop
        mayEndAtOnce = plan.mechanisms.contains(.kerberos)
        context = GSSSecurityContext(credential, for: service, channelBinding: channelBinding)
    }

    var waitsFor: String { "a token for \(context.service) (\(credential.told))" }

    func next(_ input: [UInt8]?) async -> TokenResult {
        // Whoever asks has the clock, and gives up by cancelling.
        let unbounded = GSSDeadline(on: loop, nil) { _ in CancellationError() }
        do {
            let step = try await context.step(input, within: unbounded)
            return .token(step.output, isComplete: step.isComplete, mayEnd: input != nil || mayEndAtOnce)
        } catch let failure as GSSFailure {
            return .failed(failure.message)
        } catch {
            return .failed("The token was given up.")
        }
    }

    func sealer() -> any MessageSealer { context }
}
