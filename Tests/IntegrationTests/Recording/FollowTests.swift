import PSRunTestSupport
import Testing

/// `psrun follow` beside a run of psrun.
struct FollowTests {
    /// The line ends only when the test has seen what it printed: it would run for ever, were it shown at its end.
    @Test("A run is followed in the middle of a line, and to its end", .timeLimit(.minutes(2)))
    func live() async throws {
        let place = try Workplace()
        let flag = place.folder.path(of: "flag")
        let playbook = try place.playbook(
            "echo ready; until [ -e '\(flag)' ]; do sleep 0.05; done; echo over\nexit 7\n",
            named: "p.sh"
        )
        let run = try place.start([playbook])
        while try !run.outputSoFar().contains("ready\n") { try await Task.sleep(for: .milliseconds(20)) }
        let follower = try place.start(["follow"])
        while try !follower.outputSoFar().contains("ready\n") { try await Task.sleep(for: .milliseconds(20)) }
        try place.folder.write("", to: "flag")
        let followed = try await follower.outcome()
        let ran = try await run.outcome()
        #expect(ran.ending == .exited(1), "\(ran)")
        #expect(followed.ending == ran.ending, "\(followed)")
        #expect(followed.output == ran.output)
        #expect(followed.errors.isEmpty)
    }
}
