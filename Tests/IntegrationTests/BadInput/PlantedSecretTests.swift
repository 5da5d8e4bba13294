import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// A thousand secrets in twenty forms, told in pieces and whole, on every stream: none is in anything that was written.
struct PlantedSecretTests {
    private static func local(seed: Int) async throws -> PlantedPlan {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        return try await PlantedPlan(on: server, seed: seed, count: 1000, ways: ["write", "stderr"])
    }

    /// Behind an sshd that logs all that it can.
    private static func overSSH(seed: Int) async throws -> PlantedPlan {
        let peer = Peers.command("psrpcore_server.py")
        let server = try await ServedProcess(overSSH: peer, settings: ["LogLevel DEBUG3"])
        return try await PlantedPlan(on: server, seed: seed, count: 400, ways: ["write"])
    }

    @Test("In the sealed archive, the manifest, the report, messages and the trace", arguments: [1])
    func sealed(seed: Int) async throws {
        let plan = try await Self.local(seed: seed)
        let outcome = try await plan.server.run(
            file: plan.playbook,
            plan.arguments + ["-v", "-Debug"],
            adding: plan.environment,
            within: 120
        )
        #expect(outcome.ending == .exited(1), "\(outcome.errors.suffix(2000))")
        let report = try outcome.report()
        let target = try outcome.onlyTarget()
        #expect(target.outcome == "error" && target.steps.allSatisfy { $0.outcome != "not_sent" }, "\(target.outcome)")
        try await plan.expectNothing(in: [
            plan.file("report", outcome.standardOutput), plan.file("errors", outcome.standardError),
        ])
        let run = try #require(report.recording)
        let archive = try await ChildProgram.run(["/usr/bin/zstd", "-dcq", "\(run)/run.tar.zst"])
        let tags = archive.output.matches(of: /\[redacted:[0-9a-f]{8}\]/).map { String($0.output) }
        #expect(tags.count > 3000 && Set(tags).count > 900, "\(tags.count), \(Set(tags).count) different ones")
        // The hunt finds what is there to be found.
        let hunt = try await plan.hunt(in: [plan.playbook])
        #expect(hunt.ending == .exited(1) && hunt.output.contains("as it is"), "\(hunt)")
    }

    @Test("Over SSH: in every report and export, standard output, the access log and sshd's own log")
    func overSSH() async throws {
        let plan = try await Self.overSSH(seed: 3)
        let place = plan.server.place
        var (results, others): ([String], [String]) = ([], [])
        for (format, toFile) in [("json", true), ("jsonl", false), ("text", true), ("text", false)] {
            let result = place.folder.path(of: "\(format)-\(toFile)")
            let options = ["--format", format, "-v", "-Debug"] + (toFile ? ["--output", result] : []) + plan.arguments
            let run = try plan.server.start(file: plan.playbook, options, adding: plan.environment)
            let outcome = try await run.outcome(within: 120)
            #expect(outcome.ending == .exited(1), "\(format): \(outcome.errors.suffix(2000))")
            #expect(outcome.standardOutput.isEmpty == toFile)
            if !toFile { try place.folder.write(outcome.standardOutput, to: "\(format)-\(toFile)") }
            results.append(result)
            others.append(try plan.file("\(format)-\(toFile)-errors", outcome.standardError))
        }
        for form in ["cast2", "cast3", "transcript", "jsonl", "junit", "markdown", "html"] {
            let path = place.folder.path(of: "exported.\(form)")
            let export = try await place.psrun(["export", "last", "--as", form, "--output", path])
            #expect(export.ending == .exited(0), "\(form): \(export)")
            results.append(path)
        }
        for verb in [["show"], ["replay"], ["list"]] {
            let outcome = try await place.psrun(verb + (verb == ["list"] ? [] : ["last"]))
            #expect(outcome.ending == .exited(0), "\(verb): \(outcome.errors)")
            others.append(try plan.file(verb[0], outcome.standardOutput))
        }
        others.append(try plan.file("sshd", Array(try plan.server.log().utf8)))
        try await plan.expectNothing(in: results + others)
        for path in results {
            let tags = try text(of: path).matches(of: /\[redacted:[0-9a-f]{8}\]/).count
            #expect(tags > 300, "\(path): \(tags) tags")
        }
    }

    @Test("In the journal of a run that was killed, and in what is recovered of it", arguments: [false, true])
    func killed(overSSH: Bool) async throws {
        let plan = overSSH ? try await Self.overSSH(seed: 4) : try await Self.local(seed: 2)
        let playbook = try text(of: plan.playbook)
        try Data((playbook + ": psrp never\n").utf8).write(to: URL(filePath: plan.playbook))
        let place = plan.server.place
        let options = ["--format", "json"] + plan.arguments
        let run = try plan.server.start(file: plan.playbook, options, adding: plan.environment)
        var polls = 0
        var isWaiting = false
        while !isWaiting, polls < 1200 {
            polls += 1
            try await Task.sleep(for: .milliseconds(100))
            let runs = try FolderListing.runs(in: place.recordings)
            isWaiting = runs.contains { name in
                let journal = FileManager.default.contents(atPath: "\(place.recordings)/\(name)/journal") ?? Data()
                return journal.range(of: Data("waiting".utf8)) != nil
            }
        }
        #expect(isWaiting)
        run.signal(SIGKILL)
        #expect(try await run.outcome().ending == .killed(signal: SIGKILL))
        try await plan.expectNothing(in: [])
        let recovery = try await place.psrun(["recover", "last"])
        #expect(recovery.ending == .exited(6), "\(recovery)")
        try await plan.expectNothing(in: [])
    }
}
