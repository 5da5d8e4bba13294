import Foundation
import PSRunTestSupport
import Testing

/// Runs of the built program, divided and put together.
struct ShardedRunTests {
    private let place: Workplace
    private let inventory: String
    private let playbook: String

    init() throws {
        place = try Workplace()
        let hosts = (1...9).map { "h\($0) ansible_connection=local\n" }.joined()
        let gone = "gone ansible_host=127.0.0.1 ansible_port=1\n"
        inventory = try place.folder.write("[all]\n" + hosts + gone, to: "hosts.ini")
        let lines = "echo hello\nprintf '\\033[31mred\\033[0m\\n'\ntest -e /nope\nexit 3\necho never\n"
        playbook = try place.playbook(lines, named: "p.sh")
    }

    private func run(_ arguments: [String], in recordings: String) async throws -> ProgramOutcome {
        let whole = [playbook, "-i", inventory] + arguments + ["--recordings", place.folder.path(of: recordings)]
        return try await place.psrun(whole)
    }

    @Test(
        "Merged shards print what one run prints, but for its times and names",
        arguments: ["json", "jsonl", "junit"]
    )
    func sameReport(_ format: String) async throws {
        let own = format == "junit" ? "json" : format
        let one = try await run(["--fanout", "1", "--format", own], in: "one")
        #expect(one.ending == .exited(5), "\(one)")
        var runs: [String] = []
        for index in 0..<3 {
            let shard = try await run(["--shard", "\(index)/3", "--format", "json"], in: "shards")
            runs.append(try #require(try shard.report().recording))
            #expect(shard.output.contains("\"shard\":{\"index\":\(index),\"count\":3}"))
            #expect(shard.errors.contains("shard \(index)/3: "))
        }
        let folder = ["--recordings", place.folder.path(of: "merged")]
        let merged = try await place.psrun(["merge"] + runs + ["--format", format] + folder)
        #expect(merged.ending == .exited(5), "\(merged)")
        var expected = one.output
        if format == "junit" {
            let recordings = place.folder.path(of: "one")
            expected = try await place.psrun(["export", "last", "--as", "junit", "--recordings", recordings]).output
        }
        #expect(timeless(merged.output) == timeless(expected))
        #expect(expected.utf8.count > 2_000)

        let verify = try await place.psrun(["verify", "--all"] + folder)
        #expect(verify.ending == .exited(0), "\(verify)")
        let script = try await place.psrun(["verify", "--all", "--script"] + folder)
        let file = try place.folder.write(script.standardOutput, to: "verify.sh")
        let proof = try await ChildProgram.run(["/bin/sh", file], environment: place.environment())
        #expect(proof.ending == .exited(0), "\(proof)")
    }

    /// The same with zeros for times, and without a run's name and folder.
    private func timeless(_ text: String) -> String {
        var text = text
        for (pattern, replacement) in [
            (#""(duration_us|started_us)":\d+"#, #""$1":0"#),
            (#""(subsystem|psrp_open|resolve|tcp)":\d+"#, #""$1":0"#),
            (#"\d{8}T\d{6}Z-p-[0-9a-f]{6}"#, "RUN"),
            (#""recording":"[^"]*""#, #""recording":"R""#),
            (#""playbook":"[^"]*/"#, #""playbook":""#),
            (#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?"#, "T"),
            (#"time="[0-9.]+""#, #"time="0""#),
        ] {
            text = text.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
        }
        return text
    }

    @Test("A shard without hosts ends with 0 and says so; a selection without hosts is wrong usage, sharded or not")
    func empty() async throws {
        let owner = try await place.psrun(["targets", "--host", "web1", "--shard", "0/2"])
        let empty = owner.output.isEmpty ? "0/2" : "1/2"
        let ended = try await place.psrun(["-c", "true", "--host", "web1", "--shard", empty])
        #expect(ended.ending == .exited(0) && ended.output.isEmpty, "\(ended)")
        #expect(ended.errors.contains("shard \(empty) has none of the one target: there is nothing to do"))
        let verify = try await place.psrun(["verify", "last"])
        #expect(verify.ending == .exited(0), "\(verify)")
        for shard in [[], ["--shard", "0/2"]] {
            let none = try await place.psrun(["targets", "-w", "web1", "-x", "web1"] + shard)
            #expect(none.ending == .exited(2), "\(none)")
        }
    }

    @Test("The shards of psrun targets are all targets, and those of a run")
    func targets() async throws {
        let all = try await place.psrun(["targets", "-w", "web[1-200]"]).output
        var parts: [Substring] = []
        for index in 0..<4 {
            let part = try await place.psrun(["targets", "-w", "web[1-200]", "--shard", "\(index)/4"])
            let names = part.output.split(separator: "\n")
            #expect(part.errors.contains("shard \(index)/4: \(names.count) of the 200 targets"))
            parts += names
            let dry = try await place.psrun(["-c", "true", "-w", "web[1-200]", "--shard", "\(index)/4", "--dry-run"])
            #expect(dry.output == part.output + "1: true\n", "\(dry)")
        }
        #expect(parts.sorted() == all.split(separator: "\n").sorted())
    }

    @Test("A shard that cannot be known ends the run before anything connects")
    func unknown() async throws {
        for (shard, variables, words) in [
            ("auto", [:], "none of them is set"), ("10/10", [:], "the last of 10 is 9/10"),
            ("auto", ["JOB_COMPLETION_INDEX": "1"], "give auto/N"),
            ("2/3", ["CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"], "this task is 1/3"),
        ] as [(String, [String: String], String)] {
            let ended = try await place.psrun(
                ["-c", "true", "--host", "127.0.0.1:1", "--shard", shard],
                environment: variables
            )
            #expect(ended.ending == .exited(2) && ended.errors.contains(words), "\(ended)")
        }
        let kubernetes = try await place.psrun(
            ["targets", "-w", "web[1-9]", "--shard", "auto/3"],
            environment: ["JOB_COMPLETION_INDEX": "2"]
        )
        #expect(kubernetes.errors.contains("shard 2/3"))
    }
}
