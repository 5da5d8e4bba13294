import GSSWorker
import Glibc
import PSRunTestSupport
import Testing
import WinRMAuth

/// All that GSSAPI does in this process: it has one configuration, and so one test at a time.
@Suite(.serialized)
struct GSSWorkerTests {}

extension GSSWorkerTests {
    /// Kerberos with an MIT KDC, and an acceptor over MIT's own library.
    @Suite(.serialized)
    struct KerberosTests {
        @Test(
            "A password logs in by Kerberos in one leg, and what is said is sealed",
            arguments: [AskedAuthentication.kerberos, .negotiate],
            ["host", "HTTP"]
        )
        func password(asked: AskedAuthentication, service: String) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(asked, user: KerberosRealm.alice)
            let login = try await LoginUnderTest(
                plan,
                to: acceptor,
                service: ServicePrincipal(service: service, host: "LocalHost")
            )
            #expect(login.end == .ready(sealed: true))
            #expect(login.context.mechanism == .kerberos)
            for text in ["<Envelope/>", "ä", String(repeating: "--Encrypted Boundary--\r\n", count: 3_000)] {
                #expect(try login.say(text) == Array("heard: ".utf8) + text.utf8.reversed())
            }
            let requests = try acceptor.requests()
            #expect(requests.map(\.status) == [200, 200, 200, 200])
            #expect(requests.map(\.scheme) == [asked == .kerberos ? "Kerberos" : "Negotiate", nil, nil, nil])
            #expect(requests.first?.body == 0)
            // AES with SHA-1's sums has 60; this realm's keys are of that kind.
            #expect(requests.last?.header == 60)
        }

        @Test("Over https the request goes along, and is answered with the login")
        func overHTTPS() async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(.negotiate, user: KerberosRealm.alice, isTLS: true)
            let login = try await LoginUnderTest(plan, to: acceptor)
            #expect(login.end == .ready(sealed: false))
            #expect(String(decoding: login.answer, as: UTF8.self) == "heard: >/epolevnE<")
            #expect(try acceptor.requests().count == 1)
        }

        @Test(
            "The machine's tickets log in without a password",
            arguments: [AskedAuthentication.negotiateWithImplicitCredential, .kerberos]
        )
        func tickets(asked: AskedAuthentication) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let cache = try await realm.realm.tickets()
            let plan = try AuthenticationPlan(asked, user: nil)
            let login = try await LoginUnderTest(plan, to: acceptor, credential: GSSCredential(plan, cache: cache))
            #expect(login.end == .ready(sealed: true))
            #expect(try login.say("x") == Array("heard: x".utf8))
        }

        @Test("Without tickets it is said how to get some", arguments: [AskedAuthentication.negotiate, .kerberos])
        func noTickets(asked: AskedAuthentication) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let login = try await LoginUnderTest(AuthenticationPlan(asked, user: nil), to: acceptor)
            #expect(login.failure?.code == .noToken)
            #expect(login.failure?.message.contains("kinit") == true, "\(login.end)")
            #expect(try acceptor.requests().isEmpty)
        }

        @Test("Tickets that have expired are told as that", arguments: [AskedAuthentication.negotiate, .kerberos])
        func expiredTickets(asked: AskedAuthentication) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let cache = try await realm.realm.tickets(life: "1s")
            try await Task.sleep(for: .milliseconds(2_100))
            let plan = try AuthenticationPlan(asked, user: nil)
            let login = try await LoginUnderTest(plan, to: acceptor, credential: GSSCredential(plan, cache: cache))
            let message = login.failure?.message ?? ""
            #expect(message.contains("have expired") && message.contains("kinit"), "\(login.end)")
        }

        @Test(
            "A cache of tickets that cannot be read is told of, whatever is wrong with it",
            arguments: [AskedAuthentication.negotiate, .kerberos],
            ["", "\u{5}", "\u{5}\u{4}", "no tickets at all", "a folder"]
        )
        func brokenTickets(asked: AskedAuthentication, content: String) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let folder = try TemporaryFolder()
            let path = content == "a folder" ? folder.path : try folder.write(content, to: "tickets", mode: 0o600)
            setenv("KRB5CCNAME", "FILE:\(path)", 1)
            let login = try await LoginUnderTest(AuthenticationPlan(asked, user: nil), to: acceptor)
            #expect(login.failure?.code == .noToken)
            let message = login.failure?.message ?? ""
            #expect(message.contains("kinit") && message.contains(path), "\(message)")
        }

        @Test(
            "A broken cache beside one that holds tickets does no harm",
            arguments: [AskedAuthentication.negotiate, .kerberos]
        )
        func brokenBesideGood(asked: AskedAuthentication) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let folder = try TemporaryFolder()
            let tickets = try await realm.realm.tickets().dropFirst("FILE:".count)
            try folder.write("tktbad\n", to: "primary", mode: 0o600)
            try folder.write("no tickets at all", to: "tktbad", mode: 0o600)
            let copied = try await ChildProgram.run(["/bin/cp", String(tickets), folder.path(of: "tktgood")])
            #expect(copied.ending == .exited(0))
            setenv("KRB5CCNAME", "DIR:\(folder.path)", 1)
            let login = try await LoginUnderTest(AuthenticationPlan(asked, user: nil), to: acceptor)
            #expect(login.end == .ready(sealed: true))
        }

        @Test(
            "A wrong password is an error, asked for once, and never turns into NTLM",
            arguments: [AskedAuthentication.kerberos, .negotiate]
        )
        func wrongPassword(asked: AskedAuthentication) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(asked, user: KerberosRealm.alice, password: "wrong")
            let credential = GSSCredential(plan)
            for _ in 0..<5 {
                let login = try await LoginUnderTest(plan, to: acceptor, credential: credential)
                #expect(login.failure?.code == .noToken)
                let message = login.failure?.message ?? ""
                #expect(message.contains("alice@PSRUN.TEST") && message.contains("password is wrong"), "\(message)")
                #expect(!message.contains("wrong\""))
            }
            #expect(try acceptor.requests().isEmpty)
            #expect(try realm.requests("AS_REQ", "PREAUTH_FAILED") == 1)
        }

        @Test(
            "A user and a service that the realm does not know are named",
            arguments: [AskedAuthentication.kerberos, .negotiate]
        )
        func unknownNames(asked: AskedAuthentication) async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let nobody = try await LoginUnderTest(AuthenticationPlan(asked, user: "nobody@PSRUN.TEST"), to: acceptor)
            #expect(nobody.failure?.message.contains("nobody@PSRUN.TEST") == true, "\(nobody.end)")
            #expect(nobody.failure?.message.contains("no such user") == true, "\(nobody.end)")
            let elsewhere = try await LoginUnderTest(
                AuthenticationPlan(asked, user: KerberosRealm.alice),
                to: acceptor,
                service: ServicePrincipal(host: "srv01.psrun.test")
            )
            #expect(elsewhere.failure?.message.contains("host/srv01.psrun.test") == true, "\(elsewhere.end)")
            #expect(elsewhere.failure?.message.contains("not an alias") == true, "\(elsewhere.end)")
            #expect(try acceptor.requests().isEmpty)
        }

        @Test("An address is not turned into a name by name servers")
        func address() async throws {
            let realm = try await RealmUnderTest(services: ["host/localhost", "host/127.0.0.1"])
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(.kerberos, user: KerberosRealm.alice)
            let login = try await LoginUnderTest(plan, to: acceptor, service: ServicePrincipal(host: "127.0.0.1"))
            #expect(login.isReady, "\(login.end)")
            #expect(try realm.realm.log().contains { $0.contains("for host/127.0.0.1@PSRUN.TEST") })
            #expect(try !realm.realm.log().contains { $0.contains("for host/localhost@PSRUN.TEST") })
        }

        @Test("A port stands in the service's name where it is asked for")
        func port() async throws {
            let realm = try await RealmUnderTest(services: ["HTTP/localhost:5985"])
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let login = try await LoginUnderTest(
                AuthenticationPlan(.kerberos, user: KerberosRealm.alice),
                to: acceptor,
                service: ServicePrincipal(service: "HTTP", host: "localhost", port: 5985)
            )
            #expect(login.isReady, "\(login.end)")
        }

        @Test("A channel binding is shown: the right one is taken, another is refused", arguments: [true, false])
        func channelBinding(isRight: Bool) async throws {
            let realm = try await RealmUnderTest()
            let binding = Array("tls-server-end-point:0123456789abcdef".utf8)
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm, binding: binding)
            let login = try await LoginUnderTest(
                AuthenticationPlan(.negotiate, user: KerberosRealm.alice, isTLS: true),
                to: acceptor,
                binding: isRight ? binding : binding.reversed()
            )
            #expect(login.isReady == isRight)
            if !isRight { #expect(login.failure?.code == .rejected) }
        }

        @Test("Fifty connections share one login, and one ticket")
        func sharing() async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(.negotiate, user: KerberosRealm.alice)
            let credential = GSSCredential(plan)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await LoginUnderTest(plan, to: acceptor, credential: credential).isReady }
                }
                for try await isReady in group { #expect(isReady) }
            }
            #expect(try realm.requests("AS_REQ", "ISSUE") == 1)
            #expect(try acceptor.requests().count == 50)
        }

        @Test("A login whose tickets are about to end is made anew")
        func endingTickets() async throws {
            let realm = try await RealmUnderTest(life: "30s")
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(.negotiate, user: KerberosRealm.alice)
            let credential = GSSCredential(plan)
            for _ in 0..<2 {
                #expect(try await LoginUnderTest(plan, to: acceptor, credential: credential).isReady)
            }
            #expect(try realm.requests("AS_REQ", "ISSUE") == 2)
        }

        @Test("A server that has NTLM alone gets none from a user of Kerberos's")
        func onlyNTLM() async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.pyspnego)
            let plan = try AuthenticationPlan(.negotiate, user: KerberosRealm.alice)
            let login = try await LoginUnderTest(plan, to: acceptor)
            #expect(login.failure != nil && login.context.mechanism == nil, "\(login.end)")
            // One token, which had a ticket in it, and at most one more.
            #expect(try acceptor.requests().count <= 2)
            withExtendedLifetime(realm) {}
        }
    }
}
