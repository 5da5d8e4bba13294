import EventLoops
import Synchronization
import Threads
package import WinRMAuth

/// What proves to any server who one user is. It is acquired once, when it is first needed, and shared by all that log in
/// as that user: with a password Kerberos asks the KDC for it.
package final class GSSCredential: Sendable {
    /// How contexts are made with it.
    enum Form: Sendable {
        /// Tokens of Kerberos's own.
        case kerberos
        /// Tokens of SPNEGO, which carry those of one of the mechanisms.
        case spnego
    }

    private enum State {
        case none
        case acquiring([Promise<GSSCredentialHandle>])
        case held(GSSCredentialHandle)
        case refused(GSSFailure)
    }

    let form: Form
    let mechanisms: [SecurityMechanism]
    private let login: WinRMCredential?
    private let cache: String?
    private let state = Mutex(State.none)

    /// - Parameters:
    ///   - plan: a scheme with tokens.
    ///   - cache: the credential cache whose tickets count where there is no password, as KRB5CCNAME has it; nil for the
    ///     machine's own choice.
    package convenience init(_ plan: AuthenticationPlan, cache: String? = nil) {
        self.init(
            plan.credential,
            form: plan.scheme == .kerberos ? .kerberos : .spnego,
            mechanisms: plan.mechanisms,
            cache: cache
        )
    }

    init(_ login: WinRMCredential?, form: Form, mechanisms: [SecurityMechanism], cache: String?) {
        self.login = login
        self.form = form
        self.mechanisms = mechanisms
        self.cache = cache
    }

    /// The user and the mechanisms, for messages.
    package var told: String {
        let ways = mechanisms.map(\.rawValue).joined(separator: " or ")
        return login.map { "\(ways), as \($0.user)" } ?? "\(ways), with this machine's tickets"
    }

    /// What is held, acquired where it is not yet, or not any more.
    /// - Throws: GSSFailure; the limit's error; CancellationError.
    func handle(within limit: GSSDeadline) async throws -> GSSCredentialHandle {
        try await limit.wait(for: "acquiring a credential (\(told))") { promise in
            let begins = state.withLock { state -> Bool in
                switch state {
                case .held(let handle) where handle.isFresh:
                    promise.succeed(handle)
                    return false
                case .refused(let failure):
                    promise.fail(failure)
                    return false
                case .acquiring(let others):
                    state = .acquiring(others + [promise])
                    return false
                case .none, .held:
                    state = .acquiring([promise])
                    return true
                }
            }
            if begins { Lane.tickets.submit { self.acquire() } }
        }
    }

    /// In the lane. Who gave up is not there any more; the others are told, and those that come later.
    private func acquire() {
        let acquisition = GSSAcquisition(login: login, form: form, mechanisms: mechanisms, cache: cache)
        let result = Result { () throws(GSSFailure) in try acquisition.handle() }
        let waiting = state.withLock { state -> [Promise<GSSCredentialHandle>] in
            let waiting = if case .acquiring(let waiting) = state { waiting } else { [Promise<GSSCredentialHandle>]() }
            switch result {
            case .success(let handle): state = .held(handle)
            // A KDC that said no is not asked again, or the account would be locked; one that was silent may be.
            case .failure(let failure): state = failure.code == .credentialRefused ? .refused(failure) : .none
            }
            return waiting
        }
        for promise in waiting { promise.keep(result.mapError { $0 }) }
    }
}
