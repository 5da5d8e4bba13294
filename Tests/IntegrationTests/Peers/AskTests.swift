import PSRunTestSupport
import Testing

/// A person at a terminal who answers what far sides ask.
struct AskTests {
    @Test("Several targets that ask at once are answered one after the other, and each question names its target")
    func severalTargets() async throws {
        let place = try Workplace()
        let peer = try place.folder.wrapper(for: Peers.command("psrpcore_server.py"))
        let server = try await SSHServer(subsystems: ["powershell": peer])
        let hosts = ["127.0.0.1", "localhost"].map { "\(server.user)@\($0):\(server.port)" }
        let words =
            [BuiltProgram.path, try place.playbook(": psrp read-line\n"), "--ask"]
            + hosts.flatMap { ["--host", $0] } + server.options()
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        let outcome = try await ChildProgram.run(
            ["/usr/bin/script", "-qec", command, "/dev/null"],
            environment: place.environment(),
            input: Array("first\nsecond\n".utf8)
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        for answer in ["first", "second"] { #expect(outcome.output.contains("answered: \(answer)"), "\(outcome)") }
        for host in hosts {
            #expect(outcome.output.contains("\(host): [") && outcome.output.contains("--- \(host)\r\n"), "\(outcome)")
        }
    }
}
