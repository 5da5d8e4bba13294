import PSRunTestSupport
import Testing

/// The peers meet each other first: what they agree on is what psrun must agree on with them.
struct PeerPairTests {
    static let steps = """
        [{"script": "echo hi; echo err >&2"}, {"script": "cd /usr; X=5"}, {"script": "pwd; echo $X", "show": true},
         {"script": "if true; then"}, {"script": "sleep 30", "stop_after": 0.5},
         {"script": ": psrp choice c|m|&Yes,&No|1", "show": true}, {"script": "exit 7", "show": true}]
        """

    private func check(_ results: [PypsrpAnswer.Result]) throws {
        try #require(results.count == 7)
        #expect(
            results.map(\.state) == ["Completed", "Completed", "Completed", "Failed"] + [
                "Stopped", "Completed", "Completed",
            ]
        )
        #expect(results[0].output == ["hi"])
        #expect(results[0].errors == ["err"])
        #expect(results[2].shown == "/usr\n5\n")
        #expect(results[5].shown == "answered: 1\n")
        #expect(results[6].exitCode == 7)
    }

    @Test("pypsrp's client and the server on psrpcore, over a process")
    func overAProcess() async throws {
        try check(try await PypsrpAnswer.run(Self.steps, arguments: ["process"] + Peers.command("psrpcore_server.py")))
    }

    @Test("The same behind sshd")
    func overSSH() async throws {
        let folder = try TemporaryFolder()
        let command = try folder.wrapper(for: Peers.command("psrpcore_server.py"))
        let server = try await SSHServer(subsystems: ["powershell": command])
        try check(try await PypsrpAnswer.run(Self.steps, arguments: PypsrpAnswer.arguments(for: server)))
    }
}
