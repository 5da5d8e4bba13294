import Connections
import GSSWorker
import PSRunTestSupport
import Testing
import WinRMAuth

extension GSSWorkerTests {
    /// A KDC that does not answer, and everybody else meanwhile.
    @Suite(.serialized)
    struct WaitingTests {
        private func deadline(_ limit: Duration) -> ConnectingDeadline { ConnectingDeadline(limit, on: RunClock()) }

        @Test("A silent KDC costs those who wait for it their time, and nobody else anything")
        func silentKDC() async throws {
            let silent = try await SilentPeer(.silent)
            let realm = try await RealmUnderTest(others: ["SILENT.TEST": silent.port])
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(.kerberos, user: "alice@SILENT.TEST")
            // More than the lane is wide.
            let began = ContinuousClock.now
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<9 {
                    let limit = try LoginUnderTest.limit(deadline(.milliseconds(700)))
                    group.addTask {
                        let context = GSSSecurityContext(
                            GSSCredential(plan),
                            for: ServicePrincipal(host: "localhost"),
                            channelBinding: nil
                        )
                        let end = await #expect(throws: LoginUnderTest.TimeIsUp.self) {
                            try await context.step(nil, within: limit)
                        }
                        return end?.activity ?? ""
                    }
                }
                for try await activity in group { #expect(activity.contains("alice@SILENT.TEST")) }
            }
            // The KDC is silent for half a minute.
            #expect(ContinuousClock.now - began < .seconds(20))
            let other = try AuthenticationPlan(.kerberos, user: KerberosRealm.alice)
            #expect(try await LoginUnderTest(other, to: acceptor).isReady)
            withExtendedLifetime(silent) {}
        }

        @Test("A wait that is cancelled ends, and the credential comes for those who still wait")
        func cancelled() async throws {
            let realm = try await RealmUnderTest()
            let acceptor = try await WinRMAcceptor(.gssapi, realm: realm.realm)
            let plan = try AuthenticationPlan(.kerberos, user: KerberosRealm.alice)
            let credential = GSSCredential(plan)
            let context = GSSSecurityContext(credential, for: ServicePrincipal(host: "localhost"), channelBinding: nil)
            let limit = try LoginUnderTest.limit()
            let task = Task { try await context.step(nil, within: limit) }
            task.cancel()
            _ = await task.result
            #expect(try await LoginUnderTest(plan, to: acceptor, credential: credential).isReady)
            withExtendedLifetime(realm) {}
        }
    }
}
