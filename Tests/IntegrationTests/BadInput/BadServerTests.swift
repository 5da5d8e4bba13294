import PSRunTestSupport
import Testing

/// Far sides that break the protocol: each is said in one message, with the target and the phase or line it was in.
struct BadServerTests {
    private func server(_ arguments: [String] = []) throws -> ServedProcess {
        try ServedProcess(locally: Peers.command("psrpcore_server.py", arguments))
    }

    @Test(
        "A server that breaks the protocol in the middle of a line breaks the session: the line is unknown",
        arguments: [
            "die", "malformed-fragment", "malformed-clixml", "malformed-base64", "malformed-element",
            "error-line it hurts",
        ]
    )
    func brokenInTheMiddle(fault: String) async throws {
        let outcome = try await server().run(
            "echo before\n: psrp \(fault)\necho after\n",
            ["-ConnectingTimeout", "9000"]
        )
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "broken")
        #expect(target.steps.map(\.outcome) == ["ok", "unknown", "not_sent"])
        let message = try #require(target.error?.message)
        #expect(message.contains("localhost"), "\(message)")
        if fault.hasPrefix("error-line") { #expect(message.contains("it hurts"), "\(message)") }
    }

    @Test("What is about a pipeline that nobody knows is gone past")
    func foreignPipeline() async throws {
        let outcome = try await server().run(": psrp foreign\n")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.first?.output == "went on\n")
    }

    @Test("A welcome line before the first element is skipped and reported")
    func welcomeLine() async throws {
        let outcome = try await server(["--banner", "Welcome to web01."]).run("echo in\n")
        #expect(outcome.ending == .exited(0), "\(outcome)")
        #expect(outcome.errors.contains("Welcome to web01."), "\(outcome)")
        #expect(try outcome.onlyTarget().steps.first?.output == "in\n")
    }

    @Test("Junk without end before the first element is not taken for a session")
    func junk() async throws {
        let outcome = try await server(["--junk", "200000"]).run("echo in\n", ["-ConnectingTimeout", "9000"])
        try check(outcome, saying: ["not PSRP", "junk"])
    }

    @Test("A server of another protocol version is refused by name")
    func otherVersion() async throws {
        let outcome = try await server(["--protocol", "3.7"]).run("echo in\n", ["-ConnectingTimeout", "9000"])
        try check(outcome, saying: ["3.7"])
    }

    @Test("A server that ends before it has said anything")
    func endsAtOnce() async throws {
        let outcome = try await server(["--exit", "3"]).run("echo in\n", ["-ConnectingTimeout", "9000"])
        try check(outcome, saying: ["told to end"])
    }

    @Test("A message larger than psrun takes is said to be so, in the middle of a line and before the session is open")
    func tooLarge() async throws {
        let line = try await server().run("echo before\n: psrp endless\necho after\n")
        #expect(line.ending == .exited(1), "\(line)")
        let target = try line.onlyTarget()
        #expect(target.steps.map(\.outcome) == ["ok", "unknown", "not_sent"])
        #expect(target.error?.code == "LimitExceeded")
        #expect(target.error?.message.contains("more than 25165824 bytes") == true, "\(line)")
        let opening = try await server(["--endless"]).run("echo in\n", ["-ConnectingTimeout", "20000"])
        try check(opening, saying: ["more than 25165824 bytes"])
    }

    @Test("The clocks hold against a far side that goes on sending large messages")
    func flood() async throws {
        let options = ["--step-timeout", "1s", "--grace", "500ms"]
        let outcome = try await server().run(": psrp wide 300000 400\necho after\n", options)
        #expect(outcome.ending == .exited(124), "\(outcome.ending)")
        let target = try outcome.onlyTarget()
        // It never comes to answering the stop.
        #expect(target.steps.map(\.outcome) == ["unknown", "not_sent"])
        #expect(target.error?.code == "StepTimeout")
    }

    @Test("A server that takes everything and answers nothing is left when the time is over")
    func silent() async throws {
        let outcome = try await server(["--silent"]).run("echo in\n", ["-ConnectingTimeout", "700"])
        try check(outcome, saying: ["700 ms"])
    }

    private func check(_ outcome: ProgramOutcome, saying words: [String]) throws {
        #expect(outcome.ending == .exited(4), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "unreachable")
        #expect(target.phase == "psrp_open", "\(target)")
        #expect(target.steps.map(\.outcome) == ["not_sent"])
        let message = try #require(target.error?.message)
        for word in ["localhost"] + words { #expect(message.contains(word), "\(message)") }
    }
}
