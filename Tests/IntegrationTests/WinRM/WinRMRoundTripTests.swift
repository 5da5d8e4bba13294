import Files
import PSRunTestSupport
import Testing

/// How many round trips lie between a client's first byte and its first output, counted in what a server wrote down: no
/// clock is read, so a busy machine changes nothing.
@Suite(.serialized)
struct WinRMRoundTripTests {
    /// Round trips up to the open pool, its SYN's among them, and from there to the first answer of a pipeline.
    struct Count: Hashable, CustomStringConvertible {
        let open, output: Int

        var description: String { "\(open) and \(output)" }
    }

    /// Follows which answer each request had to wait for: the one before it on its connection, and the one that let it be
    /// asked. A new connection waits for the newest answer before it, and costs one more.
    private func count(_ log: [WSManServer.Entry]) throws -> Count {
        var depths: [Int: Int] = [:]
        var done: [String: Int] = [:]
        var newest = 0
        let needs = ["Receive": "Create", "Command": "Receive", "ReceiveCommand": "Command"]
        for entry in log {
            let depth = depths[entry.connection] ?? newest + 1
            switch (entry.what, entry.operation) {
            case ("401", _), ("auth", _):
                depths[entry.connection] = depth + 1
                newest = max(newest, depth + 1)
            case ("came", let operation?):
                let before = needs[operation].flatMap { done[$0] } ?? 0
                depths[entry.connection] = max(depth, before) + 1
            case ("done", let operation?):
                done[operation] = done[operation] ?? depth
                newest = max(newest, depth)
            default: break
            }
        }
        let open = try #require(done["Receive"], "\(log)")
        return Count(open: open, output: try #require(done["ReceiveCommand"], "\(log)") - open)
    }

    /// Create is answered once a second connection has logged in, or after a while: whether a client makes one meanwhile is
    /// its own doing, and not the machine's.
    private static let plan = "holds=1&idle=5"

    @Test(
        "With Kerberos over http the pool is open after four round trips, and the first output is there after two more"
    )
    func kerberos() async throws {
        let row = WinRMRow("", at: .realm, tickets: .ofAlice, plan: Self.plan, .enters(by: nil))
        let found = try await row.run(dialect: "windows", in: try Workplace())
        #expect(found.outcome.ending == .exited(0), "\(found.outcome)")
        let own = try count(found.log)
        #expect(own == Count(open: 4, output: 2), "\(found.log)")
        let (port, server) = try await WinRMSite.shared.place(.realm)
        let url = "http://localhost:\(port)/wsman?id=pypsrp&holds=1&idle=5"
        let realm = try await WinRMSite.shared.kerberos.value()
        _ = try await PypsrpAnswer.run(
            #"[{"script": "echo in"}]"#,
            arguments: ["wsman", url, "kerberos", "", ""],
            realm: realm
        )
        let other = try count(try server.log(of: "pypsrp"))
        print("round trips to the open pool, and from there to the first output: psrun \(own), pypsrp \(other)")
        #expect(other.open > own.open && other.output > own.output)
    }

    /// The second connection logs in once the first has: a wrong password is tried once, and locks no account.
    @Test("NTLM costs one more on each of the two connections")
    func ntlm() async throws {
        let (op, plan) = (#"DOMAIN\op"#, Self.plan)
        let row = WinRMRow("", at: .http, as: op, password: .ofServer, plan: plan, .enters(by: nil))
        let found = try await row.run(dialect: "windows", in: try Workplace())
        #expect(try count(found.log) == Count(open: 5, output: 3), "\(found.log)")
    }

    @Test("Over https the login goes along with the request")
    func overHTTPS() async throws {
        let row = WinRMRow(
            "",
            at: .realmByTLS,
            tickets: .ofAlice,
            plan: "idle=5",
            with: ["-SkipCACheck"],
            .enters(by: nil)
        )
        let found = try await row.run(dialect: "windows", in: try Workplace())
        #expect(found.outcome.ending == .exited(0), "\(found.outcome)")
        #expect(!found.log.contains { $0.what == "auth" || $0.what == "401" }, "\(found.log)")
    }
}
