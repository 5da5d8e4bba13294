import Testing
import WinRMAuth

extension WinRMCredential {
    /// For tests.
    convenience init(_ user: String, _ password: String = "secret") {
        self.init(user: user, password: { Array(password.utf8) })
    }
}

/// What each way of asking comes to, and what is refused.
struct AuthenticationPlanTests {
    private func plan(
        _ asked: AskedAuthentication,
        _ user: String?,
        isTLS: Bool = false,
        hasCertificate: Bool = false,
        permits: AuthenticationPermits = .none
    ) throws(AuthenticationFailure) -> AuthenticationPlan {
        try AuthenticationPlan(
            asked,
            credential: user.map { WinRMCredential($0) },
            hasCertificate: hasCertificate,
            isTLS: isTLS,
            permits: permits
        )
    }

    private func refusal(_ plan: () throws(AuthenticationFailure) -> AuthenticationPlan) throws -> String {
        let failure = try #require(throws: AuthenticationFailure.self, performing: plan)
        #expect(failure.code == .refusedHere)
        return failure.message
    }

    @Test(
        "A user's name decides between Kerberos and NTLM, and a wrong password cannot",
        arguments: [
            ("alice@EXAMPLE.COM", [SecurityMechanism.kerberos]), ("EXAMPLE\\alice", [.ntlm]), (".\\alice", [.ntlm]),
            ("alice", [.ntlm]), ("@alice", [.ntlm]), ("alice@", [.ntlm]),
        ]
    )
    func mechanisms(user: String, expected: [SecurityMechanism]) throws {
        for asked in [AskedAuthentication.default, .negotiate] {
            let plan = try plan(asked, user)
            #expect(plan.scheme == .negotiate && plan.mechanisms == expected && plan.isSealed)
        }
    }

    @Test("NTLM stands beside Kerberos only where it is permitted")
    func permittedNTLM() throws {
        let permits = AuthenticationPermits(ntlmForPrincipals: true)
        #expect(try plan(.negotiate, "alice@EXAMPLE.COM", permits: permits).mechanisms == [.kerberos, .ntlm])
        #expect(try plan(.kerberos, "alice@EXAMPLE.COM", permits: permits).mechanisms == [.kerberos])
        #expect(try plan(.negotiate, nil, permits: permits).mechanisms == [.kerberos])
    }

    @Test("Kerberos is Kerberos alone, by a user's realm or by the machine's tickets")
    func kerberos() throws {
        for user in ["alice@EXAMPLE.COM", nil] {
            let plan = try plan(.kerberos, user)
            #expect(plan.scheme == .kerberos && plan.mechanisms == [.kerberos])
        }
        #expect(
            try refusal { () throws(AuthenticationFailure) in try plan(.kerberos, "EXAMPLE\\alice") }.contains(
                "alice@REALM"
            )
        )
    }

    @Test("Without a credential, Default, Negotiate and NegotiateWithImplicitCredential use the machine's tickets")
    func implicit() throws {
        for asked in [AskedAuthentication.default, .negotiate, .negotiateWithImplicitCredential] {
            let plan = try plan(asked, nil)
            #expect(plan.scheme == .negotiate && plan.mechanisms == [.kerberos] && plan.credential == nil)
        }
        let message = try refusal { () throws(AuthenticationFailure) in
            try plan(.negotiateWithImplicitCredential, "alice")
        }
        #expect(message.contains("leave out -Credential"))
    }

    @Test("A certificate is an authentication of its own, over https alone")
    func certificate() throws {
        let plan = try self.plan(.default, nil, isTLS: true, hasCertificate: true)
        #expect(plan.scheme == .certificate && !plan.isSealed)
        _ = try refusal { () throws(AuthenticationFailure) in try self.plan(.default, nil, hasCertificate: true) }
        _ = try refusal { () throws(AuthenticationFailure) in
            try self.plan(.default, "alice", isTLS: true, hasCertificate: true)
        }
        for asked in AskedAuthentication.allCases where asked != .default {
            _ = try refusal { () throws(AuthenticationFailure) in
                try self.plan(asked, nil, isTLS: true, hasCertificate: true)
            }
        }
        // No permit makes it one for plain http.
        let permits = AuthenticationPermits(plainHTTP: Set(AuthenticationScheme.allCases))
        _ = try refusal { () throws(AuthenticationFailure) in
            try self.plan(.default, nil, hasCertificate: true, permits: permits)
        }
    }

    @Test(
        "Basic, Digest and CredSSP over plain http need a permit of their own, and say what they expose",
        arguments: [
            (AskedAuthentication.basic, AuthenticationScheme.basic, "password"), (.digest, .digest, "all that is said"),
            (.credSSP, .credSSP, "password"),
        ]
    )
    func exposed(asked: AskedAuthentication, scheme: AuthenticationScheme, exposes: String) throws {
        #expect(try plan(asked, "alice", isTLS: true).scheme == scheme)
        let message = try refusal { () throws(AuthenticationFailure) in try plan(asked, "alice") }
        #expect(message.contains("plain http") && message.contains(exposes) && message.contains("-UseSSL"))
        for other in AuthenticationScheme.allCases where other != scheme {
            _ = try refusal { () throws(AuthenticationFailure) in
                try plan(asked, "alice", permits: AuthenticationPermits(plainHTTP: [other]))
            }
        }
        #expect(try plan(asked, "alice", permits: AuthenticationPermits(plainHTTP: [scheme])).scheme == scheme)
        _ = try refusal { () throws(AuthenticationFailure) in try plan(asked, nil, isTLS: true) }
    }

    @Test("What is said over plain http is sealed by every scheme that needs no permit")
    func sealedWithoutPermit() throws {
        for asked in AskedAuthentication.allCases {
            for user in ["alice", "alice@EXAMPLE.COM", nil] {
                guard let plan = try? plan(asked, user) else { continue }
                #expect(plan.isSealed, "\(asked)")
                #expect(!(try self.plan(asked, user, isTLS: true)).isSealed)
            }
        }
    }

    @Test("Basic does not carry a name with a colon")
    func colon() throws {
        _ = try refusal { () throws(AuthenticationFailure) in try plan(.basic, "a:b", isTLS: true) }
    }

    @Test("A password is in no description")
    func descriptions() throws {
        let plan = try plan(.negotiate, "alice")
        for text in ["\(plan)", "\(WinRMCredential("alice"))", plan.told, String(reflecting: plan)] {
            #expect(!text.contains("secret\"") && !text.contains("115, 101"))
        }
    }
}
