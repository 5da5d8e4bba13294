import GSSWorker
import MessageSeal
import PSRunTestSupport
import Testing
import WinRMAuth

extension GSSWorkerTests {
    /// What is sealed cannot be altered, repeated or left out.
    @Suite(.serialized)
    struct SealingTests {
        private func login(_ user: String) async throws -> (LoginUnderTest, [AnyObject]) {
            let realm = try await RealmUnderTest()
            let isKerberos = user == KerberosRealm.alice
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(
                .negotiate,
                user: user,
                password: isKerberos ? KerberosRealm.password : "Password 1"
            )
            return (try await LoginUnderTest(plan, to: acceptor), [realm, acceptor])
        }

        @Test("A message cannot be sealed or opened before the login is done, nor after it failed")
        func early() async throws {
            let realm = try await RealmUnderTest()
            let plan = try AuthenticationPlan(.kerberos, user: KerberosRealm.alice)
            let context = GSSSecurityContext(
                GSSCredential(plan),
                for: ServicePrincipal(host: "localhost"),
                channelBinding: nil
            )
            #expect(throws: GSSFailure.self) { try context.seal([1]) }
            let first = try await context.step(nil, within: LoginUnderTest.limit())
            // Its server has not proved itself.
            #expect(!first.isComplete && first.output != nil)
            #expect(throws: GSSFailure.self) { try context.seal([1]) }
            #expect(throws: GSSFailure.self) { try context.open(header: [1], data: [2]) }
            await #expect(throws: GSSFailure.self) {
                try await context.step([1, 2, 3], within: LoginUnderTest.limit())
            }
            await #expect(throws: GSSFailure.self) { try await context.step(nil, within: LoginUnderTest.limit()) }
            withExtendedLifetime(realm) {}
        }

        @Test("An answer of which one byte was altered is refused", arguments: [KerberosRealm.alice, "PSRUN\\alice"])
        func altered(user: String) async throws {
            let (login, peers) = try await login(user)
            var (contentType, body) = try login.ask("<Envelope/>")
            // Behind the head, within what is sealed.
            body[body.count - 40] ^= 1
            #expect(throws: GSSFailure.self) { try login.open(contentType, body) }
            withExtendedLifetime(peers) {}
        }

        @Test(
            "An answer that is repeated, or behind one that is missing, is refused",
            arguments: [KerberosRealm.alice, "PSRUN\\alice"]
        )
        func order(user: String) async throws {
            let (login, peers) = try await login(user)
            let first = try login.ask("1")
            #expect(try login.open(first.contentType, first.body) == Array("heard: 1".utf8))
            #expect(throws: GSSFailure.self) { try login.open(first.contentType, first.body) }

            let (another, others) = try await self.login(user)
            _ = try another.ask("1")
            let second = try another.ask("2")
            #expect(throws: GSSFailure.self) { try another.open(second.contentType, second.body) }
            withExtendedLifetime((peers, others)) {}
        }

        @Test(
            "What the client sealed itself is not taken as the server's",
            arguments: [KerberosRealm.alice, "PSRUN\\alice"]
        )
        func reflected(user: String) async throws {
            let (login, peers) = try await login(user)
            let piece = try #require(try login.context.seal(Array("secret".utf8)).first)
            #expect(piece.plainLength == 6 && piece.data.count == 6)
            #expect(throws: GSSFailure.self) { try login.context.open(header: piece.header, data: piece.data) }
            withExtendedLifetime(peers) {}
        }

        // The older kinds of keys pad what they seal, and have headers that grow with it.
        @Test(
            "Each kind of key seals with a header of its own, and what it is padded by is counted",
            arguments: [("aes256-sha2", 72), ("aes128-sha2", 64), ("camellia256-cts", 64), ("arcfour-hmac", 46)]
        )
        func keyTypes(type: String, header: Int) async throws {
            let realm = try await RealmUnderTest(keyType: type)
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let login = try await LoginUnderTest(AuthenticationPlan(.kerberos, user: KerberosRealm.alice), to: acceptor)
            #expect(login.isReady, "\(login.end)")
            for text in [String(repeating: "x", count: 100), String(repeating: "y", count: 70_000)] {
                #expect(try login.say(text) == Array("heard: ".utf8) + text.utf8)
            }
            let headers = try acceptor.requests().compactMap(\.header)
            #expect(headers.first == header && headers.count == 2)
            #expect((headers.last == header) == (type != "arcfour-hmac"))
        }

        @Test("A message of a megabyte is sealed in one piece", arguments: [KerberosRealm.alice, "PSRUN\\alice"])
        func large(user: String) async throws {
            let (login, peers) = try await login(user)
            let text = String(repeating: "0123456789abcdef", count: 1 << 16)
            #expect(try login.say(text) == Array("heard: ".utf8) + text.utf8.reversed())
            withExtendedLifetime(peers) {}
        }
    }
}
