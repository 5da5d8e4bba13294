import GSSWorker
import PSRunTestSupport
import Testing
import WinRMAuth

extension GSSWorkerTests {
    /// NTLM, made by gss-ntlmssp, with pyspnego's acceptor and gss-ntlmssp's.
    @Suite(.serialized)
    struct NTLMTests {
        @Test(
            "A password logs in by NTLM in two legs, and what is said is sealed",
            arguments: WinRMAcceptor.Library.allCases,
            [("PSRUN\\alice", "Password 1"), ("local", "Password 1"), ("PSRUN\\bob", "Pässword €")]
        )
        func password(library: WinRMAcceptor.Library, account: (user: String, password: String)) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(library)
            let plan = try AuthenticationPlan(.negotiate, user: account.user, password: account.password)
            let login = try await LoginUnderTest(plan, to: acceptor)
            #expect(login.end == .ready(sealed: true), "\(login.end)")
            #expect(login.context.mechanism == .ntlm)
            for text in ["<Envelope/>", "ä", String(repeating: "--Encrypted Boundary--\r\n", count: 3_000)] {
                #expect(try login.say(text) == Array("heard: ".utf8) + text.utf8.reversed())
            }
            let requests = try acceptor.requests()
            #expect(requests.map(\.status) == [401, 200, 200, 200, 200])
            #expect(requests.map(\.body).prefix(2) == [0, 0])
            #expect(requests.last?.header == 16)
            // No KDC was asked about a name that is NTLM's.
            #expect(try realm.realm.log().allSatisfy { !$0.contains("AS_REQ") })
        }

        @Test("A wrong password is refused by the server, once", arguments: WinRMAcceptor.Library.allCases)
        func wrongPassword(library: WinRMAcceptor.Library) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(library, realm: realm.realm)
            let plan = try AuthenticationPlan(.negotiate, user: "PSRUN\\alice", password: "other")
            let login = try await LoginUnderTest(plan, to: acceptor)
            #expect(login.failure?.code == .rejected)
            #expect(login.failure?.message.contains("PSRUN\\alice") == true)
            #expect(try acceptor.requests().map(\.status) == [401, 401])
        }

        @Test("Over https the channel binding is shown: the right one is taken, another and none are refused")
        func channelBinding() async throws {
            let realm = try await RealmUnderTest()
            let binding = Array("tls-server-end-point:0123456789abcdef".utf8)
            let acceptor = try await WinRMAcceptor(.pyspnego, realm: realm.realm, binding: binding)
            let plan = try AuthenticationPlan(.negotiate, user: "PSRUN\\alice", password: "Password 1", isTLS: true)
            for (shown, isTaken) in [(binding, true), (binding.reversed(), false), (nil, false)] {
                let login = try await LoginUnderTest(plan, to: acceptor, binding: shown)
                #expect(login.isReady == isTaken)
                if isTaken { #expect(String(decoding: login.answer, as: UTF8.self) == "heard: >/epolevnE<") }
            }
        }

        @Test("NTLM takes Kerberos's place only where the user permits it")
        func permitted() async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.pyspnego, realm: realm.realm)
            let user = "alice@PSRUN"
            let refused = try await LoginUnderTest(
                AuthenticationPlan(.negotiate, user: user, password: "Password 1"),
                to: acceptor
            )
            #expect(refused.failure?.code == .noToken)
            #expect(try acceptor.requests().isEmpty)
            let permits = AuthenticationPermits(ntlmForPrincipals: true)
            let plan = try AuthenticationPlan(.negotiate, user: user, password: "Password 1", permits: permits)
            let login = try await LoginUnderTest(plan, to: acceptor)
            #expect(login.isReady && login.context.mechanism == .ntlm, "\(login.end)")
        }

        @Test("A password with a null byte is refused, and no part of it is tried")
        func nullByte() async throws {
            let acceptor = try await WinRMAcceptor(.pyspnego)
            let plan = try AuthenticationPlan(.negotiate, user: "PSRUN\\alice", password: "Password 1\0")
            let login = try await LoginUnderTest(plan, to: acceptor)
            #expect(login.failure?.message.contains("null byte") == true, "\(login.end)")
            #expect(try acceptor.requests().isEmpty)
        }
    }
}
