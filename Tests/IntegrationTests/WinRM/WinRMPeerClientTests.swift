import PSRunTestSupport
import Testing

/// The tests' server with a client that is not psrun: so it is a server to others as well, and not psrun's own reading.
@Suite(.serialized)
struct WinRMPeerClientTests {
    private let steps = #"[{"script": "echo in"}, {"script": "sleep 30", "stop_after": 1}, {"script": "echo out"}]"#

    /// In the dialect of Windows: OMI wants a shell's name, which pypsrp does not give.
    @Test("pypsrp logs in, runs, stops and leaves", arguments: ["basic", "ntlm", "negotiate", "credssp"])
    func pypsrp(_ login: String) async throws {
        let (port, server) = try await WinRMSite.shared.place(.http)
        let id = "pypsrp-\(login)"
        let url = "http://localhost:\(port)/wsman?id=\(id)&idle=2"
        let results = try await PypsrpAnswer.run(
            steps,
            arguments: ["wsman", url, login, WSManServer.user, WSManServer.password]
        )
        #expect(results.map(\.state) == ["Completed", "Stopped", "Completed"])
        #expect(results.map(\.output) == [["in"], [], ["out"]])
        let log = try server.log(of: id)
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(log)")
        for operation in ["Create", "Stop", "Delete"] {
            #expect(log.filter { $0.what == "done" && $0.operation == operation }.count == 1, "\(log)")
        }
    }

    @Test("And psrun enters a far side of which nothing is psrun's: psrpcore behind pyspnego")
    func psrpcore() async throws {
        let server = try await WSManServer(schemes: "negotiate", command: Peers.command("psrpcore_server.py"))
        let place = try Workplace()
        let file = try place.folder.write(WSManServer.password + "\n", to: "password", mode: 0o600)
        let way = [
            "-ComputerName", "localhost", "-Port", "\(server.port)", "-Credential", "op", "--password-file", file,
        ]
        let outcome = try await place.psrun(["-c", "echo in", "-c", "false", "-c", "exit 3", "--format", "json"] + way)
        let target = try outcome.onlyTarget()
        #expect(target.steps.first?.output == "in\n" && target.exitCode == 3, "\(outcome)")
        #expect(try server.log(of: "").filter { $0.what.hasPrefix("breach") }.isEmpty)
    }
}
