import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// psrun itself is killed, at moments that nobody chose: what it had shown as finished is in the recovered recording.
struct KilledRunTests {
    @Test("SIGKILL at any moment: every step that was shown as finished is recovered")
    func killed() async throws {
        let place = try Workplace()
        let lines = (1...100).map { "echo step-\($0)-$((\($0) * 2))\n" }
        // However late the kill comes, the run is not over.
        let playbook = try place.playbook(lines.joined() + "sleep 600\n", named: "many.sh")
        try await concurrently(Array(0..<10)) { index in
            let recordings = ["--recordings", try place.folder.makeFolder("recordings-\(index)")]
            let run = try place.start([playbook] + recordings)
            // Let go of anywhere between its start and its last lines.
            var polls = 0
            while try Self.shown(run) < index * 7, polls < 15_000 {
                polls += 1
                try await Task.sleep(for: .milliseconds(2))
            }
            var random = SplitMix64(seed: UInt64(index))
            try await Task.sleep(for: .microseconds(Int.random(in: 0..<20_000, using: &random)))
            run.signal(SIGKILL)
            let ended = try await run.outcome()
            #expect(ended.ending == .killed(signal: SIGKILL))
            let finished = max(0, ended.output.components(separatedBy: "[localhost]: ").count - 2)
            #expect(finished >= index * 7 - 1)
            guard finished > 0 else { return }
            let recovery = try await place.psrun(["recover", "last"] + recordings)
            #expect(recovery.ending == .exited(6), "\(recovery)")
            let replay = try await place.psrun(["replay", "last", "--instant"] + recordings)
            #expect(replay.ending == .exited(6), "\(replay)")
            #expect(replay.errors.contains("not whole"), "\(replay)")
            for step in 1...finished {
                #expect(replay.output.contains("step-\(step)-\(step * 2)\n"), "\(step): \(replay)")
            }
        }
    }

    /// How many prompts it has shown.
    private static func shown(_ run: ChildProgram) throws -> Int {
        try run.outputSoFar().components(separatedBy: "[localhost]: ").count - 1
    }
}
