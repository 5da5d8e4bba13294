import Glibc
import PSRunCommandLine
import PSRunCommands
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// `verify` and `prove`, as a person meets them.
@Suite struct VerifyCommandTests {
    private static func verify(
        _ runs: [String],
        in folder: String,
        _ change: (inout VerifyInvocation) -> Void = { _ in }
    ) async -> (status: Int32, console: CapturedConsole) {
        var invocation = VerifyInvocation()
        invocation.runs = runs
        invocation.all = runs.isEmpty
        invocation.recordings = folder
        change(&invocation)
        let console = CapturedConsole()
        return (
            await VerifyCommand.run(invocation, console: console.console(environment: ChildProgram.environment())),
            console
        )
    }

    private static func head(of folder: String) throws -> String {
        try RunChain.read(in: folder).head
    }

    @Test("verify tells what is proved and what is not")
    func verifyTellsWhatIsProvedAndWhatIsNot() async throws {
        let folder = try TemporaryFolder()
        let run = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let name = String(run.folder.split(separator: "/").last ?? "")
        let all = await Self.verify([], in: folder.path)
        #expect(all.status == 0)
        #expect(all.console.output.hasPrefix("\(name)  sealed  good: 2 of 2 entries are good\n"))
        #expect(all.console.output.contains("note: manifest.json: it is not signed"))
        #expect(all.console.output.contains("(--head)"))
        #expect(all.console.output.hasSuffix("Not signed by an allowed signer.\n"))
        #expect(await Self.verify([], in: folder.path) { $0.requireSignature = true }.status == 1)

        let head = try Self.head(of: folder.path)
        #expect(await Self.verify(["last"], in: folder.path) { $0.heads = [head] }.status == 0)
        #expect(await Self.verify([run.folder], in: "/nonexistent") { $0.heads = [head] }.status == 0)
        let file = try folder.write("Nov 22 host psrun[1]: chain head \(head) line 1 run \(name)\n", to: "heads")
        #expect(await Self.verify(["last"], in: folder.path) { $0.headFile = file }.status == 0)
        try folder.write("no hash at all\n", to: "heads")
        #expect(await Self.verify(["last"], in: folder.path) { $0.headFile = file }.status == 2)
        #expect(await Self.verify(["none"], in: folder.path).status == 2)

        unlink("\(run.folder)/run.tar.zst")
        let gone = await Self.verify(["last"], in: folder.path)
        #expect(gone.status == 1)
        #expect(gone.console.output.contains("  FileMissing: run.tar.zst: open "))
        #expect(gone.console.output.hasSuffix("NOT PROVED: 0 of 1 run proved.\n"))
    }

    @Test("verify has a machine-readable form")
    func verifyIsMachineReadable() async throws {
        let folder = try TemporaryFolder()
        let run = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        let archive = try contents(of: "\(run.folder)/run.tar.zst")
        var damaged = archive
        damaged[80] ^= 1
        let name = String(run.folder.split(separator: "/").last ?? "")
        try folder.write(damaged, to: "\(name)/run.tar.zst")
        let found = await Self.verify([], in: folder.path) { $0.format = .json }
        let json = try JSONValue(parsing: Array(found.console.output.utf8))
        #expect(found.status == 1)
        #expect(json["exit_code"]?.integer == 1 && json["proved"]?.bool == false)
        #expect(json["chain"]?["lines"]?.integer == 1)
        #expect(json["chain"]?["head"]?.string == (try Self.head(of: folder.path)))
        let first = try #require(json["runs"]?.array?.first)
        #expect(first["run"]?.string == name && first["state"]?.string == "sealed")
        #expect(first["entries"]?.integer == 2 && first["entries_good"]?.integer ?? 2 < 2)
        let findings = try #require(first["findings"]?.array)
        #expect(findings.map { $0["code"]?.string }.prefix(2) == ["Unsigned", "ArchiveAltered"])
        #expect(findings.allSatisfy { $0["level"]?.string != nil && $0["message"]?.string != nil })
    }

    @Test("A proof can be checked after its run is gone")
    func aProofOutlivesItsRun() async throws {
        let folder = try TemporaryFolder()
        let run = try await RecordedSample.make(in: folder.path, targets: ["web1", "down"])
        _ = try await RecordedSample.make(in: folder.path, targets: ["later"], suffix: "aaaaaa")
        var invocation = ProveInvocation(run: String(run.folder.split(separator: "/").last ?? ""))
        invocation.recordings = folder.path
        invocation.host = "web1"
        invocation.output = folder.path(of: "web1.tar")
        let console = CapturedConsole()
        #expect(await ProveCommand.run(invocation, console: console.console()) == 0, "\(console.warnings)")
        #expect(console.output == folder.path(of: "web1.tar") + "\n")
        invocation.host = "nobody"
        #expect(await ProveCommand.run(invocation, console: CapturedConsole().console()) == 2)

        try RunPruning.prune(run.folder, reason: "--keep 1d")
        let all = await Self.verify([], in: folder.path)
        #expect(all.status == 0, "\(all.console.output)")
        #expect(all.console.output.contains("  pruned  good\n"))
        let proof = await Self.verify([folder.path(of: "web1.tar")], in: "/nonexistent")
        #expect(proof.status == 0, "\(proof.console.output)\(proof.console.warnings)")
        #expect(proof.console.output.contains("  proof  good: 1 of 1 entries are good\n"))
        let script = await Self.verify([folder.path(of: "web1.tar")], in: "/nonexistent") { $0.script = true }
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", script.console.output])
        #expect(outcome.output.hasSuffix("Consistent: 00001-web1.cast of \(invocation.run).\n"), "\(outcome)")
    }

    @Test("A recording of the first format can always be verified")
    func theFirstFormatIsProvedForEver() async throws {
        let folder = PackageRoot.path + "/Tests/IntegrationTests/Fixtures/format-1"
        func change(_ invocation: inout VerifyInvocation) {
            invocation.allowedSigners = folder + "/allowed_signers"
            invocation.headFile = folder + "/head"
            invocation.requireSignature = true
        }
        let found = await Self.verify([], in: folder, change)
        #expect(found.status == 6, "\(found.console.output)")
        let states = found.console.output.split(separator: "\n").filter { $0.hasPrefix("2026") }.map {
            $0.split(separator: " ")[1]
        }
        #expect(states == ["pruned", "sealed", "recovered"])
        let script = await Self.verify([], in: folder) { invocation in
            change(&invocation)
            invocation.script = true
        }
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", script.console.output])
        #expect(outcome.ending == .exited(6), "\(outcome)")
    }

    /// What `verify` ends with, and what its script does.
    private static func both(
        _ runs: [String],
        in folder: String,
        _ change: (inout VerifyInvocation) -> Void
    ) async throws -> [Int32] {
        let script = await verify(runs, in: folder) { invocation in
            change(&invocation)
            invocation.script = true
        }
        let outcome = try await ChildProgram.run(["/bin/sh", "-c", script.console.output])
        guard case .exited(let status) = outcome.ending else { throw TestSupportError("\(outcome)") }
        return [await verify(runs, in: folder, change).status, status]
    }

    @Test("The script counts the signatures that verify counts")
    func signaturesCountForTheScriptAsTheyDoForVerify() async throws {
        let fixture = PackageRoot.path + "/Tests/IntegrationTests/Fixtures/format-1"
        let signers = fixture + "/allowed_signers"
        let unsigned = try TemporaryFolder()
        let run = try await RecordedSample.make(in: unsigned.path, targets: ["web1"])
        var prove = ProveInvocation(run: run.folder)
        prove.host = "web1"
        prove.output = unsigned.path(of: "proof.tar")
        #expect(await ProveCommand.run(prove, console: CapturedConsole().console()) == 0)
        for runs in [[], [prove.output]] {
            #expect(try await Self.both(runs, in: unsigned.path) { _ in } == [0, 0])
            #expect(try await Self.both(runs, in: unsigned.path) { $0.allowedSigners = signers } == [0, 0])
            #expect(try await Self.both(runs, in: unsigned.path) { $0.requireSignature = true } == [1, 1])
            let required = try await Self.both(runs, in: unsigned.path) { invocation in
                invocation.allowedSigners = signers
                invocation.requireSignature = true
            }
            #expect(required == [1, 1])
        }
        // Signed, and one of its runs recovered.
        #expect(try await Self.both([], in: fixture) { _ in } == [6, 6])
        #expect(try await Self.both([], in: fixture) { $0.requireSignature = true } == [1, 1])
        let stranger = try await Self.both([], in: fixture) { invocation in
            invocation.allowedSigners = signers
            invocation.signer = "nobody"
        }
        #expect(stranger == [6, 6])
        // Another run's signature is not a signature, whether or not one is asked for.
        let name = String(run.folder.split(separator: "/").last ?? "")
        let signed = try RunStore(folder: fixture).runs().map(\.folder)
        let signature = try contents(of: "\(try #require(signed.first))/manifest.json.sig")
        try unsigned.write(signature, to: "\(name)/manifest.json.sig")
        #expect(try await Self.both([], in: unsigned.path) { _ in } == [1, 1])
    }

    @Test("A file of signers that cannot be read is said")
    func signersThatCannotBeReadAreSaid() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["web1"])
        let found = await Self.verify([], in: folder.path) { $0.allowedSigners = "/nonexistent/signers" }
        #expect(found.status == 2)
        #expect(found.console.output.isEmpty)
        #expect(found.console.warnings.contains("--allowed-signers /nonexistent/signers cannot be read: No such file"))
    }

    @Test("The script proves what verify proves")
    func theScriptProvesWhatVerifyProves() async throws {
        let folder = try TemporaryFolder()
        _ = try await RecordedSample.make(in: folder.path, targets: ["it's", "down"])
        let head = try Self.head(of: folder.path)
        let script = await Self.verify([], in: folder.path) { invocation in
            invocation.script = true
            invocation.heads = [head]
        }
        #expect(script.status == 0)
        let file = try folder.write(script.console.output, to: "verify.sh")
        let outcome = try await ChildProgram.run(["/bin/sh", file])
        #expect(outcome.output.hasSuffix("Consistent: 1 runs and 0 pruned ones, 1 lines of the chain.\n"), "\(outcome)")
        let lint = try await ChildProgram.run(["/usr/bin/shellcheck", "-s", "sh", "-S", "style", file])
        #expect(lint.ending == .exited(0), "\(lint)")
    }
}
