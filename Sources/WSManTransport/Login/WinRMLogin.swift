package import EventLoops
package import MessageSeal
package import WinRMAuth

/// How connections log in: one for all that do it the same way, so that a password is asked for once, and tickets are
/// fetched once.
package typealias WinRMLogin = MadeOnce<WinRMProof>

/// What proves who somebody is: the plan, and what makes its tokens.
package struct WinRMProof: Sendable {
    /// Makes the tokens of one connection more.
    /// - Parameters:
    ///   - channelBinding: what ties them to the connection's TLS; nil where it has none.
    ///   - loop: the connection's.
    package typealias Tokens =
        @Sendable (_ channelBinding: [UInt8]?, _ loop: EventLoop) async throws -> any WinRMTokens

    package let plan: AuthenticationPlan
    /// nil where the scheme has none.
    package let tokens: Tokens?

    package init(_ plan: AuthenticationPlan, tokens: Tokens? = nil) {
        self.plan = plan
        self.tokens = tokens
    }
}

/// What makes the tokens of one connection, and seals its messages then. Used on the connection's loop.
package protocol WinRMTokens: Sendable {
    /// What is waited for while a token is made, where it is not the far side, for `while … was waited for`.
    var waitsFor: String { get }

    /// The next token; may take its time, and blocks no loop.
    /// - Parameter input: the far side's; nil for the first.
    func next(_ input: [UInt8]?) async -> TokenResult

    /// What seals messages; asked for once the login is complete.
    func sealer() -> any MessageSealer
}
