import Foundation
import PSRunTestSupport
import Testing

/// `psrun endpoint` under clients that others wrote: pypsrp's `psrp`, and PowerShell's own Enter-PSSession as captured.
@Suite(.serialized)
struct EndpointTests {
    static let steps = """
        [{"script": "echo hi; echo err >&2"}, {"script": "cd /usr; X='a  b'"},
         {"script": "pwd; echo \\"$X\\"", "show": true}, {"script": "if true; then"},
         {"script": "echo begun; sleep 30", "show": true, "stop_after": 1}, {"script": "echo on; echo e >&2; false", "show": true},
         {"command": "echo", "arguments": ["with  blanks", "$X", "it's"], "show": true},
         {"command": "prompt"}, {"script": "exit 7", "show": true}]
        """

    private func check(_ results: [PypsrpAnswer.Result]) throws {
        try #require(results.count == 9)
        #expect(results[0].state == "Completed")
        #expect(results[0].output == ["hi"])
        #expect(results[0].errors == ["err"])
        #expect(results[2].shown == "/usr\na  b\n", "\(results[2])")
        #expect(results[3].state == "Failed")
        #expect(results[4].state == "Stopped")
        #expect(results[4].shown == "begun\n")
        #expect(Set(results[5].shown.split(separator: "\n")) == ["on", "e"])
        #expect(results[5].tags.contains { $0.contains("stderr") }, "\(results[5])")
        #expect(results[6].shown == "with  blanks $X it's\n", "\(results[6])")
        #expect(results[7].output.count == 1)
        #expect(results[8].exitCode == 7)
    }

    @Test("pypsrp's psrp over a process runs pipelines, reads streams and stops one")
    func pypsrpProcess() async throws {
        try check(try await PypsrpAnswer.run(Self.steps, arguments: ["process", BuiltProgram.path, "endpoint"]))
    }

    @Test("pypsrp's psrp over SSH does the same, behind a real sshd")
    func pypsrpSSH() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "\(BuiltProgram.path) endpoint"])
        try check(try await PypsrpAnswer.run(Self.steps, arguments: PypsrpAnswer.arguments(for: server)))
    }

    /// The server of WS-Management that the tests have is held against a client that is not psrun's before it is one to psrun.
    @Test(
        "pypsrp's psrp over the tests' own server of WS-Management does the same, however it logs in",
        arguments: [("basic", false), ("basic", true), ("negotiate", false), ("negotiate", true), ("credssp", false)]
    )
    func pypsrpWSMan(_ scheme: String, isTLS: Bool) async throws {
        let server = try await WSManServer(schemes: scheme, isTLS: isTLS)
        let url = "\(isTLS ? "https" : "http")://127.0.0.1:\(server.port)/wsman?id=\(scheme)"
        let user = scheme == "basic" ? WSManServer.user : "DOMAIN\\\(WSManServer.user)"
        let auth = scheme == "negotiate" ? "ntlm" : scheme
        let arguments = ["wsman", url, auth, user, WSManServer.password]
        try check(try await PypsrpAnswer.run(Self.steps, arguments: arguments))
        let log = try server.log(of: scheme)
        #expect(log.filter { $0.what.hasPrefix("breach") }.isEmpty, "\(log)")
        #expect(log.contains { $0.operation == "Stop" } && log.contains { $0.operation == "Delete" })
    }

    struct Replayed: Decodable, Sendable {
        var status: Int32?
        var pipelines: [Pipeline]

        struct Pipeline: Decodable, Sendable {
            var asked: String?
            var replies: [Reply]
        }

        struct Reply: Decodable, Sendable {
            var state: Int?
            var method: Int?
            var output: String?
            var values: [String: String?]?
        }
    }

    @Test(
        "PowerShell's own client, as captured, enters, works and leaves",
        arguments: [
            "basic", "blocks", "enter-tab", "errors", "exit-3", "exit-300", "exit-bare", "exit-in-function",
            "exit-minus-1", "exit-pssession", "exit-setshouldexit-9", "exit-text", "nested", "nested-2", "nested-3",
            "nested-4",
            "prompts", "sessions", "sessions-more", "sessions-more-2", "tty", "tty-74-client", "tty-74-server",
        ]
    )
    func capturedClient(name: String) async throws {
        let file = "\(CaptureTable.folder)/client/\(name).wire.jsonl.xz"
        let server = [BuiltProgram.path, "endpoint"]
        // A shell asks for no answers.
        let client = Peers.command("capture_client.py", [file, "--unasked", "--"] + server)
        let outcome = try await ChildProgram.run(client, within: 60)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let replayed = try JSONDecoder().decode(Replayed.self, from: Data(outcome.standardOutput))
        let pool = try #require(replayed.pipelines.first)
        #expect(pool.replies.compactMap(\.state) == [2, 4, 3])
        for pipeline in replayed.pipelines.dropFirst() where pipeline.asked != nil {
            #expect(pipeline.replies.contains { $0.state != nil }, "\(pipeline)")
        }
        for metadata in replayed.pipelines where metadata.asked == "metadata" {
            let names = metadata.replies.compactMap { $0.values?["Name"] ?? nil }
            #expect(Set(names) == ["Out-Default", "Exit-PSSession"])
        }
        let prompts = replayed.pipelines.filter { $0.asked == "prompt" }
        #expect(prompts.allSatisfy { $0.replies.contains { $0.output?.isEmpty == false } })
    }
}
