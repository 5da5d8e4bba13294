import PSRunTestSupport
import Testing

/// Servers that take no more for a while, with many targets at once.
struct WinRMBusyTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    @Test(
        "Targets whose server is busy, or short of shells, come again, and each enters once",
        arguments: ["busy", "quota"]
    )
    func comesAgain(_ plan: String) async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let password = try place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
        let targets = (1...6).flatMap { number in
            ["-CU", "http://localhost:\(server.port)/wsman?id=\(number)&\(plan)=\(number % 3)"]
        }
        let login = ["-Credential", #"DOMAIN\"# + WSManServer.user, "--password-file", password]
        let outcome = try await place.psrun(["-c", "echo in", "--format", "json"] + targets + login)
        let told = try outcome.report().targets
        #expect(outcome.ending == .exited(0) && told.count == 6, "\(outcome)")
        #expect(told.allSatisfy { $0.outcome == "ok" && $0.steps.first?.output == "in\n" }, "\(outcome)")
        for number in 1...6 {
            let asked = try server.log(of: "\(number)").filter { $0.operation == "Create" }
            #expect(asked.filter { $0.what == "came" }.count == number % 3 + 1, "\(asked)")
            #expect(asked.filter { $0.what == "done" }.count == 1, "\(asked)")
        }
    }

    @Test("A server that stays busy costs its own target its time, and no other one", arguments: ["busy", "quota"])
    func staysBusy(_ plan: String) async throws {
        let server = try await WSManServer(schemes: "negotiate")
        let password = try place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
        let address = "http://localhost:\(server.port)/wsman"
        let targets = ["-CU", "\(address)?id=busy&\(plan)=1000", "-CU", "\(address)?id=well"]
        let login = ["-Credential", #"DOMAIN\"# + WSManServer.user, "--password-file", password]
        let limit = ["--connecting-timeout", "8s", "--grace", "60s"]
        let outcome = try await place.psrun(["-c", "echo in", "--format", "json"] + targets + login + limit)
        let told = try outcome.report().targets
        #expect(outcome.ending == .exited(4) && told.map(\.outcome) == ["unreachable", "ok"], "\(outcome)")
        #expect(told.first?.phase == "create", "\(outcome)")
        #expect(["ConnectingTimeout", "FarSideError"].contains(told.first?.error?.code), "\(outcome)")
        // What was never begun is not deleted.
        #expect(try server.log(of: "busy").allSatisfy { $0.operation != "Delete" }, "\(outcome)")
    }
}
