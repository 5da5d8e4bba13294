import SessionCryptography
import Testing
import WinRMAuth

/// The machine that authenticates one connection, without a mechanism and without a server.
struct WinRMAuthenticationTests {
    private func machine(
        _ asked: AskedAuthentication,
        user: String? = "alice",
        isTLS: Bool = false,
        hasCertificate: Bool = false
    ) throws -> WinRMAuthentication {
        let plan = try AuthenticationPlan(
            asked,
            credential: user.map { WinRMCredential($0, "p:w") },
            hasCertificate: hasCertificate,
            isTLS: isTLS
        )
        let means = WinRMAuthentication.DigestMeans(
            target: "/wsman",
            random: { Array(repeating: 7, count: $0) },
            hashes: OpenSSLDigestHashes()
        )
        return WinRMAuthentication(plan, digest: means)
    }

    private func failure(_ step: AuthenticationStep) -> AuthenticationFailure.Code? {
        if case .failed(let failure) = step { failure.code } else { nil }
    }

    @Test("Over plain http it begins with a token, with empty requests, and ends with sealed messages")
    func negotiateOverHTTP() throws {
        var machine = try machine(.negotiate)
        #expect(machine.begin() == .need(TokenRequest(input: nil)))
        #expect(
            machine.token(.token([1, 2, 3], isComplete: false, mayEnd: true))
                == .send(authorization: "Negotiate AQID", body: .empty)
        )
        #expect(machine.answered(status: 401, challenges: ["Negotiate BAUG"]) == .need(TokenRequest(input: [4, 5, 6])))
        #expect(
            machine.token(.token([7], isComplete: false, mayEnd: true))
                == .send(authorization: "Negotiate Bw==", body: .empty)
        )
        #expect(machine.answered(status: 200, challenges: ["Negotiate CA=="]) == .need(TokenRequest(input: [8])))
        #expect(machine.token(.token(nil, isComplete: true, mayEnd: true)) == .ready(sealed: true))
        #expect(machine.headerForRequest() == nil)
    }

    @Test("Over https the request goes along with each token that may be the last")
    func negotiateOverHTTPS() throws {
        var machine = try machine(.negotiate, isTLS: true)
        _ = machine.begin()
        #expect(
            machine.token(.token([1], isComplete: false, mayEnd: false))
                == .send(authorization: "Negotiate AQ==", body: .empty)
        )
        #expect(machine.answered(status: 401, challenges: ["Negotiate Ag=="]) == .need(TokenRequest(input: [2])))
        #expect(
            machine.token(.token([3], isComplete: true, mayEnd: true))
                == .send(authorization: "Negotiate Aw==", body: .request)
        )
        // The request may fail by itself: the login did not.
        #expect(machine.answered(status: 500, challenges: []) == .ready(sealed: false))
    }

    @Test(
        "A refusal is not followed by another scheme",
        arguments: [
            (["Basic realm=\"x\""], AuthenticationFailure.Code.notOffered),
            (["Basic realm=\"x\", Digest realm=\"y\""], .notOffered),
            (["Negotiate"], .rejected), (["Negotiate", "Basic realm=\"x\""], .rejected), ([], .rejected),
        ]
    )
    func refused(challenges: [String], code: AuthenticationFailure.Code) throws {
        var machine = try machine(.negotiate)
        _ = machine.begin()
        _ = machine.token(.token([1], isComplete: false, mayEnd: true))
        let step = machine.answered(status: 401, challenges: challenges)
        #expect(failure(step) == code)
        #expect(failure(machine.answered(status: 200, challenges: [])) == .malformed)
    }

    @Test("A server that is content without a proof of its own is not used")
    func unproven() throws {
        for (asked, name) in [(AskedAuthentication.negotiate, "Negotiate"), (.credSSP, "CredSSP")] {
            var machine = try machine(asked, isTLS: true)
            _ = machine.begin()
            _ = machine.token(.token([1], isComplete: false, mayEnd: true))
            #expect(failure(machine.answered(status: 200, challenges: [])) == .serverUnproven)

            machine = try self.machine(asked, isTLS: true)
            _ = machine.begin()
            _ = machine.token(.token([1], isComplete: false, mayEnd: true))
            _ = machine.answered(status: 200, challenges: ["\(name) AQ=="])
            #expect(failure(machine.token(.token([2], isComplete: false, mayEnd: true))) == .serverUnproven)
        }
    }

    @Test("An answer that has nothing to do with logging in is told as that")
    func otherAnswers() throws {
        for status in [302, 403, 404, 503] {
            var machine = try machine(.negotiate)
            _ = machine.begin()
            _ = machine.token(.token([1], isComplete: false, mayEnd: true))
            #expect(failure(machine.answered(status: status, challenges: [])) == .otherAnswer)
        }
        var machine = try machine(.basic, isTLS: true)
        _ = machine.begin()
        #expect(failure(machine.answered(status: 407, challenges: ["Basic realm=\"proxy\""])) == .otherAnswer)
    }

    @Test("Kerberos's own token may be answered by the name of Negotiate, and by no other")
    func kerberosAnswers() throws {
        for (answer, isTaken) in [("Kerberos AQ==", true), ("negotiate AQ==", true), ("Basic AQ==", false)] {
            var machine = try machine(.kerberos, user: "alice@EXAMPLE.COM")
            _ = machine.begin()
            #expect(
                machine.token(.token([9], isComplete: false, mayEnd: true))
                    == .send(authorization: "Kerberos CQ==", body: .empty)
            )
            let step = machine.answered(status: 200, challenges: [answer])
            #expect((step == .need(TokenRequest(input: [1]))) == isTaken)
        }
    }

    @Test("A mechanism that fails here is told in its own words")
    func noToken() throws {
        var machine = try machine(.negotiate)
        _ = machine.begin()
        #expect(machine.token(.failed("No tickets.")) == .failed(AuthenticationFailure(.noToken, "No tickets.")))
    }

    @Test("Legs are counted, and tokens measured")
    func bounds() throws {
        var machine = try machine(.negotiate)
        var step = machine.begin()
        var legs = 0
        while failure(step) == nil, legs < 100 {
            legs += 1
            step = machine.token(.token([1], isComplete: false, mayEnd: true))
            if failure(step) == nil { step = machine.answered(status: 401, challenges: ["Negotiate AQ=="]) }
        }
        #expect(failure(step) == .malformed && legs == WinRMAuthentication.mostLegs + 1)

        let longest = WinRMAuthentication.longestToken
        for (count, isTaken) in [(longest, true), (longest + 3, false)] {
            machine = try self.machine(.negotiate)
            _ = machine.begin()
            _ = machine.token(.token([1], isComplete: false, mayEnd: true))
            let text = String(repeating: "AAAA", count: count / 3)
            step = machine.answered(status: 401, challenges: ["Negotiate \(text)"])
            #expect((failure(step) == nil) == isTaken)
        }
        machine = try self.machine(.negotiate)
        _ = machine.begin()
        _ = machine.token(.token([1], isComplete: false, mayEnd: true))
        #expect(failure(machine.answered(status: 401, challenges: ["Negotiate A-B"])) == .malformed)
    }

    @Test("Basic goes with every request, and is not tried twice")
    func basic() throws {
        var machine = try machine(.basic, isTLS: true)
        // alice:p:w
        #expect(machine.begin() == .send(authorization: "Basic YWxpY2U6cDp3", body: .request))
        #expect(machine.answered(status: 200, challenges: []) == .ready(sealed: false))
        #expect(machine.headerForRequest() == "Basic YWxpY2U6cDp3")
        #expect(failure(machine.answered(status: 401, challenges: ["Basic realm=\"x\""])) == .rejected)
    }

    @Test("A certificate's header says that TLS has shown it")
    func certificate() throws {
        var machine = try machine(.default, user: nil, isTLS: true, hasCertificate: true)
        let header = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
        #expect(machine.begin() == .send(authorization: header, body: .request))
        #expect(failure(machine.answered(status: 401, challenges: ["Negotiate", "Basic realm=\"x\""])) == .rejected)
        #expect(machine.headerForRequest() == header)
    }

    @Test("What is called out of turn fails, and breaks nothing")
    func outOfTurn() throws {
        var machine = try machine(.negotiate)
        #expect(failure(machine.answered(status: 200, challenges: [])) == .malformed)
        #expect(failure(machine.token(.token([1], isComplete: true, mayEnd: true))) == .malformed)
        #expect(failure(machine.begin()) == .malformed)
    }
}
