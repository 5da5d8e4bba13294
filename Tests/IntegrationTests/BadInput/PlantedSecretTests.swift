import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// A thousand secrets in twenty forms, told in pieces and whole, on every stream: none is in anything that was written.
struct PlantedSecretTests {
    /// A served plan: psrun's arguments, and where all of it is.
    private struct Plan {
        let server: ServedProcess
        let folder: String
        let arguments: [String]

        init(seed: Int) async throws {
            server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
            folder = try server.place.folder.makeFolder("plan")
            let made = try await ChildProgram.run(Peers.command("planted_secrets.py", ["make", folder, "\(seed)"]))
            guard made.ending == .exited(0) else { throw TestSupportError("\(made)") }
            let arguments = try String(contentsOfFile: "\(folder)/arguments", encoding: .utf8)
            self.arguments = arguments.split(separator: "\n").map(String.init)
        }

        var environment: [String: String] { ["CREDENTIALS_DIRECTORY": folder] }
        var playbook: String { "\(folder)/playbook.ps1" }

        func hunt(in files: [String]) async throws {
            let hunt = try await ChildProgram.run(
                Peers.command("planted_secrets.py", ["hunt", folder] + files),
                within: 120
            )
            #expect(hunt.ending == .exited(0), "\(hunt.output.prefix(4000))")
        }
    }

    @Test("In the sealed archive, the manifest, the report, messages and the trace", arguments: [1])
    func sealed(seed: Int) async throws {
        let plan = try await Plan(seed: seed)
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
        let run = try #require(report.recording)
        let archive = try await ChildProgram.run(["/usr/bin/zstd", "-dcq", "\(run)/run.tar.zst"])
        let folder = plan.server.place.folder
        let files = try [
            ("archive", archive.standardOutput), ("report", outcome.standardOutput), ("errors", outcome.standardError),
        ].map {
            try folder.write($1, to: $0); return folder.path(of: $0)
        }
        try await plan.hunt(in: files + FolderListing.names(in: run).map { "\(run)/\($0)" })
        let tags = archive.output.matches(of: /\[redacted:[0-9a-f]{8}\]/).map { String($0.output) }
        #expect(tags.count > 3000 && Set(tags).count > 900, "\(tags.count), \(Set(tags).count) different ones")
        // The hunt finds what is there to be found.
        let hunt = try await ChildProgram.run(
            Peers.command("planted_secrets.py", ["hunt", plan.folder, plan.playbook])
        )
        #expect(hunt.ending == .exited(1) && hunt.output.contains("as it is"), "\(hunt)")
    }

    @Test("In the journal of a run that was killed")
    func killed() async throws {
        let plan = try await Plan(seed: 2)
        let text = try String(contentsOfFile: plan.playbook, encoding: .utf8)
        try Data((text + "#psrp never\n").utf8).write(to: URL(filePath: plan.playbook))
        let place = plan.server.place
        let run = try place.start(
            [plan.playbook, "--format", "json"] + plan.arguments,
            environment: plan.server.environment.merging(plan.environment) { _, new in new }
        )
        var runs: [String] = []
        var polls = 0
        while polls < 1200 {
            polls += 1
            try await Task.sleep(for: .milliseconds(100))
            runs = try FolderListing.names(in: place.recordings).filter { $0 != "chain.log" }.map {
                "\(place.recordings)/\($0)"
            }
            guard let journal = runs.first.map({ "\($0)/journal" }) else { continue }
            let bytes = FileManager.default.contents(atPath: journal) ?? Data()
            if bytes.range(of: Data("waiting".utf8)) != nil { break }
        }
        run.signal(SIGKILL)
        #expect(try await run.outcome().ending == .killed(signal: SIGKILL))
        let folder = try #require(runs.first)
        try await plan.hunt(in: FolderListing.names(in: folder).map { "\(folder)/\($0)" })
        let recovery = try await place.psrun(["recover", "last"])
        #expect(recovery.ending == .exited(6), "\(recovery)")
        let archive = try await ChildProgram.run(["/usr/bin/zstd", "-dcq", "\(folder)/run.tar.zst"])
        let path = place.folder.path(of: "archive")
        try place.folder.write(archive.standardOutput, to: "archive")
        try await plan.hunt(in: [path])
    }
}
