import PSRunTestSupport
import Testing

/// Far sides that ask for the session's end within a line, and do not end that line.
struct LeavingTests {
    @Test(
        "A line that was sent is never not_sent, and the run is not well in any form",
        arguments: ["leave 0", "leave 3", "leave 0 die", "leave 3 die"],
        [true, false]
    )
    func leaves(words: String, isFirst: Bool) async throws {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        let text = (isFirst ? "" : "echo one\n") + ": psrp \(words)\necho three\n"
        let outcome = try await server.run(text, ["--any-shell", "--grace", "1s"])
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.steps.map(\.outcome) == (isFirst ? [] : ["ok"]) + ["unknown", "not_sent"], "\(outcome)")
        #expect(target.steps.dropLast().last?.output == "half\n", "\(outcome)")
        #expect(target.outcome == "failed" && target.well == false && target.linesNotSent == 1, "\(outcome)")
        #expect(target.error?.code == "LineNotEnded" && target.error?.message.contains("nothing was sent") == false)
        #expect(target.exitCode == (words.contains("3") ? 3 : 0), "\(outcome)")

        let list = try await server.place.psrun(["list"])
        #expect(list.output.hasSuffix("  1 failed\n"), "\(list)")
        let junit = try await server.place.psrun(["export", "last", "--as", "junit"])
        #expect(junit.output.contains("errors=\"1\" skipped=\"1\""), "\(junit)")
        let replay = try await server.place.psrun(["replay", "last"])
        #expect(replay.output.hasSuffix("\nhalf\n") && replay.errors.contains("1 line was not sent"), "\(replay)")
    }
}
