/// What a connection's owner does next to have it authenticated.
package enum AuthenticationStep: Sendable, Hashable {
    /// Have the next token made, and give it to `token(_:)`.
    case need(TokenRequest)
    /// Send a request with this header, or without one, and give what is answered to `answered(status:challenges:)`.
    case send(authorization: String?, body: Body)
    /// The connection is authenticated: an answer that came with this belongs to whoever sent the body.
    case ready(sealed: Bool)
    case failed(AuthenticationFailure)

    package enum Body: Sendable, Hashable {
        /// `Content-Length: 0`: it only carries a token, and the server cannot take anything else yet.
        case empty
        /// The request that waits. An answer of 401 says that it was not looked at.
        case request
    }
}

/// What a security mechanism is asked for.
package struct TokenRequest: Sendable, Hashable {
    /// The far side's token; nil for the first of an exchange.
    package let input: [UInt8]?

    package init(input: [UInt8]?) {
        self.input = input
    }
}

/// What a security mechanism answers.
package enum TokenResult: Sendable, Hashable {
    /// - Parameters:
    ///   - bytes: for the far side; nil where nothing is left to tell it.
    ///   - isComplete: whether both sides have proved what they should.
    ///   - mayEnd: whether the far side can be done with it. The request goes along only then.
    case token([UInt8]?, isComplete: Bool, mayEnd: Bool)
    /// - Parameters:
    ///   - words: whole sentences, without secrets.
    ///   - code: as programs know the failure, where that is not a refused login.
    case failed(_ words: String, code: String? = nil)
}
