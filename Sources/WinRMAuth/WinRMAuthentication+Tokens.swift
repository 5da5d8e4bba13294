import CLIXML

extension WinRMAuthentication {
    mutating func answeredToken(_ status: Int, _ challenges: [AuthenticationChallenge]) -> AuthenticationStep {
        let isComplete = if case .sent(let isComplete) = state { isComplete } else { true }
        let own = challenges.filter { answers(plan.scheme, $0) }
        if !isComplete, let text = own.compactMap(\.token).first {
            guard let bytes = Base64.decode(Array(text.utf8)[...]), bytes.count <= Self.longestToken else {
                return fail(.malformed, "The server's \(plan.scheme.rawValue) token is not base64, or too long.")
            }
            state = .makingToken(isAccepted: status != 401)
            return .need(TokenRequest(input: bytes))
        }
        if status == 401 { return reject(challenges) }
        if isComplete { return ready() }
        guard (200..<300).contains(status) else {
            return fail(
                .otherAnswer,
                "The server answered \(status) before \(plan.scheme.rawValue) was done. See whether the port and the path are those "
                    + "of its WinRM service, and whether the user may use it."
            )
        }
        return unproven()
    }

    /// Whether a challenge goes on with the scheme. Raw tokens of Kerberos may be answered by the name of Negotiate; their
    /// proof is in them.
    func answers(_ scheme: AuthenticationScheme, _ challenge: AuthenticationChallenge) -> Bool {
        challenge.isOf(scheme) || scheme == .kerberos && challenge.isOf(.negotiate)
    }

    static func base64(_ bytes: [UInt8]) -> String {
        var letters: [UInt8] = []
        Base64.encode(bytes, into: &letters)
        return String(decoding: letters, as: UTF8.self)
    }
}
