/// The authentication of one TCP connection, from its first request on.
///
/// It begins with a token where its scheme has one, so that nobody has to be told 401 first. Over https the request that
/// waits goes along; over plain http an empty one goes, since what follows must be sealed. Whatever the server offers, no
/// other scheme is tried than the one that was asked for.
package struct WinRMAuthentication: Sendable {
    enum State {
        case idle
        /// A token is being made; the server may already have said that it is content.
        case makingToken(isAccepted: Bool)
        case sent(isComplete: Bool)
        case ready
        case over
    }

    package let plan: AuthenticationPlan
    let means: DigestMeans
    var state = State.idle
    var digest: DigestLogin?
    var legs = 0
    var staleAnswers = 0

    /// Requests until a connection is authenticated: CredSSP takes 8 at most, NTLM 2.
    package static let mostLegs = 16
    /// Bytes of a server's token: tickets with many groups have some tens of thousands.
    package static let longestToken = 96 << 10
    /// Times in a row that a server calls the nonce that it has just given too old.
    package static let mostStaleAnswers = 3

    package init(_ plan: AuthenticationPlan, digest means: DigestMeans) {
        self.plan = plan
        self.means = means
    }

    /// What goes with the connection's first request.
    package mutating func begin() -> AuthenticationStep {
        guard case .idle = state else { return fail(.malformed, "The connection's authentication has begun already.") }
        guard !plan.scheme.hasTokens else {
            state = .makingToken(isAccepted: false)
            return .need(TokenRequest(input: nil))
        }
        // Digest cannot begin without the server's nonce.
        return plan.scheme == .digest ? send(nil, .empty) : send(header(), .request)
    }

    /// The header of one more request on a connection that is authenticated; nil where it needs none.
    package mutating func headerForRequest() -> String? { plan.scheme.hasTokens ? nil : header() }

    /// Takes the server's answer to what was sent last.
    /// - Parameters:
    ///   - challenges: the values of its `WWW-Authenticate` headers.
    ///   - information: those of its `Authentication-Info` headers.
    package mutating func answered(
        status: Int,
        challenges: [String],
        information: [String] = []
    ) -> AuthenticationStep {
        let read = AuthenticationChallenge.all(in: challenges)
        switch state {
        case .idle, .makingToken, .over: return fail(.malformed, "The server answered what was not asked.")
        case .ready where status == 401 && plan.scheme != .digest:
            return fail(.rejected, "The server does not know this connection's login any more (401).")
        case .ready, .sent:
            break
        }
        guard status != 407 else {
            return fail(
                .otherAnswer,
                "A proxy on the way asks who its user is (407). psrun does not log in to proxies."
            )
        }
        if plan.scheme.hasTokens { return answeredToken(status, read) }
        if plan.scheme == .digest { return answeredDigest(status, read, information) }
        return status == 401 ? reject(read) : ready()
    }

    /// Takes the token that was asked for.
    package mutating func token(_ result: TokenResult) -> AuthenticationStep {
        guard case .makingToken(let isAccepted) = state else {
            return fail(.malformed, "A token came that nobody asked for.")
        }
        switch result {
        case .failed(let words, let code): return fail(.noToken, words, name: code)
        // The server is content: what is still left to tell it, it does not want to hear.
        case .token(_, isComplete: true, _) where isAccepted: return ready()
        case .token(let bytes?, let isComplete, let mayEnd) where !isAccepted:
            let header = "\(plan.scheme.rawValue) \(Self.base64(bytes))"
            return send(header, plan.isTLS && mayEnd ? .request : .empty, isComplete: isComplete)
        case .token where isAccepted: return unproven()
        case .token: return fail(.rejected, rejection("The server refuses it in its last token."))
        }
    }
}
