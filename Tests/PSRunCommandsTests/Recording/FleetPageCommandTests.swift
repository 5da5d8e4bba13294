import Foundation
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import Testing

/// `psrun export --as html --since`: the nights before a run, in its page.
@Suite struct FleetPageCommandTests {
    private static let day: Int64 = 86_400

    /// So many nights, the last one an hour ago.
    private static func nights(_ targets: [[String]], in folder: String, playbook: String = "nightly.ps1") async throws
        -> [SealedRun]
    {
        let now = Int64(Date().timeIntervalSince1970)
        var runs: [SealedRun] = []
        for (night, targets) in targets.enumerated() {
            runs.append(
                try await RecordedSample.make(
                    in: folder,
                    targets: targets,
                    playbook: playbook,
                    startedSeconds: now - 3_600 - day * Int64(2 - night),
                    suffix: "00000\(night)"
                )
            )
        }
        return runs
    }

    private static func export(
        since: PastMoment?,
        in folder: String,
        host: String? = nil
    ) async -> (status: Int32, console: CapturedConsole) {
        var invocation = ExportInvocation(source: .run("last"), format: .html)
        invocation.recordings = folder
        invocation.since = since
        invocation.host = host
        let console = CapturedConsole()
        return (await ExportCommand.run(invocation, console: console.console()), console)
    }

    private static func name(_ run: SealedRun) -> String { String(run.folder.split(separator: "/").last ?? "") }

    @Test("The page has the runs of the same playbook since then, and each reading is noted")
    func nightsSinceThen() async throws {
        let folder = try TemporaryFolder()
        let runs = try await Self.nights([["web1", "gone"], ["web1", "down"], ["web1", "down"]], in: folder.path)
        let others = try await Self.nights([["web1"]], in: folder.path, playbook: "other.ps1")
        let (status, console) = await Self.export(since: .ago(30 * Self.day), in: folder.path)
        #expect(status == 0, "\(console.warnings)")
        #expect(console.output.contains("id=\"nights\"") && console.output.contains("id=\"trends\""))
        #expect(console.output.contains("<bdi>gone</bdi></span><span class=\"cells\" role=\"cell\">·  </span>"))
        #expect(console.output.contains(">UU</span>") || console.output.contains("\"cell\"> UU</span>"))
        for run in others { #expect(!console.output.contains(Self.name(run))) }
        for run in runs { #expect(console.output.contains(Self.name(run))) }
        let accesses = try text(of: "\(folder.path)/chain.log").split(separator: "\n").filter {
            $0.contains("\taccess\t")
        }
        #expect(accesses.count == 3)
        let one = await Self.export(since: .ago(Self.day * 3 / 2), in: folder.path)
        #expect(!one.console.output.contains(Self.name(runs[0])) && one.console.output.contains(Self.name(runs[1])))
        let none = await Self.export(since: nil, in: folder.path)
        #expect(!none.console.output.contains("id=\"nights\"") && none.console.output.contains("id=\"steps\""))
        let host = await Self.export(since: .ago(30 * Self.day), in: folder.path, host: "web1")
        #expect(host.console.output.contains("id=\"nights\"") && !host.console.output.contains("gone"))
    }

    @Test("A run that was pruned is told of by name; one that is damaged costs its night, and the exit code")
    func gaps() async throws {
        let folder = try TemporaryFolder()
        let runs = try await Self.nights([["web1"], ["web1"], ["web1"]], in: folder.path)
        _ = try RunPruning.prune(runs[0].folder, reason: "--keep 1d")
        let pruned = await Self.export(since: .ago(30 * Self.day), in: folder.path)
        #expect(pruned.status == 0)
        #expect(pruned.console.output.contains("<bdi>\(Self.name(runs[0]))</bdi>: it was pruned on "))
        let archive = "\(runs[1].folder)/run.tar.zst"
        var bytes = try contents(of: archive)
        for offset in 60..<120 { bytes[offset] ^= 0x55 }
        try Data(bytes).write(to: URL(filePath: archive))
        let damaged = await Self.export(since: .ago(30 * Self.day), in: folder.path)
        #expect(damaged.status == 1)
        #expect(damaged.console.warnings.contains("damaged"))
        #expect(damaged.console.output.contains("<bdi>\(Self.name(runs[1]))</bdi>: it cannot be read"))
        #expect(damaged.console.output.contains("</html>"))
    }
}
