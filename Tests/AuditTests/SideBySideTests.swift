import Audit
import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// A recordings folder that many work in at once: none of it is called bad for that, and it is good afterwards.
@Suite struct SideBySideTests {
    private static let recorder = BuiltProgram.path.dropLast("psrun".count) + "CrashingRecorder"

    private static func audit(_ folder: String) throws -> StoreAudit {
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        return try StoreAudit.of(StoreAudit.Request(folder: folder, heads: [], signatures: signatures))
    }

    private static func problems(_ audit: StoreAudit) -> [String] {
        audit.allFindings.filter { $0.level == .problem || $0.message.contains("killed") }
            .map { "\($0.code) \($0.run ?? "") \($0.message)" }
    }

    private static func script(_ folder: String) async throws -> ProgramOutcome {
        try await ChildProgram.run(["/bin/sh", "-c", VerifyScript.unsigned(in: folder).text], within: 120)
    }

    /// Keeps `width` processes going, made by `next`, until that has no more.
    private static func keepBusy(
        _ width: Int,
        _ next: @escaping @Sendable (Int) -> [String]?
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<width {
                group.addTask {
                    for number in 0... {
                        guard let arguments = next(number * width + worker) else { return }
                        let outcome = try await ChildProgram.run([String(recorder)] + arguments)
                        guard outcome.ending == .exited(0) else { throw TestSupportError(outcome.description) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("Runs that are made and sealed meanwhile are no problem to verify, nor to its script")
    func besideRuns() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        async let busy: Void = Self.keepBusy(3) { number in
            number < 36 ? ["record", path, "2", "3", String(0x100000 + number, radix: 16)] : nil
        }
        try await Self.watch(path)
        try await busy
        #expect(try Self.audit(path).isProved)
        #expect(try await Self.script(path).ending == .exited(0))
    }

    @Test("Runs that are pruned meanwhile are no problem to verify, nor to its script")
    func besidePrunes() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        for number in 0..<24 {
            let made = ["record", path, "1", "1", String(0x100000 + number, radix: 16)]
            #expect(try await ChildProgram.run([String(Self.recorder)] + made).ending == .exited(0))
        }
        let runs = try RunStore(folder: path).runs().map(\.folder)
        // Each by two at once.
        async let busy: Void = Self.keepBusy(2) { number in
            number / 2 < runs.count ? ["prune", runs[number / 2]] : nil
        }
        try await Self.watch(path)
        try await busy
        let audit = try Self.audit(path)
        #expect(audit.isProved && audit.runs.allSatisfy { $0.state == .pruned }, "\(audit.allFindings)")
        #expect(try RunChain.read(in: path).count == 48)
        #expect(try await Self.script(path).ending == .exited(0))
    }

    /// Verifies the folder over and over while others work in it.
    private static func watch(_ path: String) async throws {
        var bad: [String] = []
        for number in 0..<12 {
            guard FilePaths.exists("\(path)/chain.log") else {
                try await Task.sleep(for: .milliseconds(20))
                continue
            }
            let found = problems(try audit(path))
            if !found.isEmpty { bad.append("verify \(number): \(found)") }
            let script = try await script(path)
            if script.ending == .exited(1) { bad.append("script \(number): \(script)") }
        }
        #expect(bad.isEmpty, "\(bad.prefix(3))")
    }

    @Test("An archive that a prune left is no problem, and another in its place is one", arguments: [true, false])
    func aCutPrune(isItsOwn: Bool) async throws {
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        var forge = StoreForge()
        forge.removesPruned = false
        var image = try forge.make([.seal(night), .prune(night.name)]).image
        if !isItsOwn { image["\(night.name)/run.tar.zst"][40] ^= 1 }
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let audit = try Self.audit(folder.path)
        #expect(!audit.isProved)
        let levels = audit.allFindings.filter { $0.level != .note }.map(\.level)
        #expect(levels == [isItsOwn ? .incomplete : .problem], "\(audit.allFindings)")
        let script = try await Self.script(folder.path)
        #expect(script.ending == .exited(isItsOwn ? 6 : 1), "\(script)")
    }

    @Test("A run that was not sealed is not a forged one to the script either")
    func unsealed() async throws {
        let folder = try TemporaryFolder()
        let left = try await ChildProgram.run([String(Self.recorder), "leave", folder.path])
        #expect(left.ending == .exited(0))
        let script = try await Self.script(folder.path)
        #expect(script.ending == .exited(6) && script.output.contains("not sealed: "), "\(script)")
        _ = try RunRecovery.recover(try #require(try RunStore(folder: folder.path).runs().first).folder)
        let again = ["record", folder.path, "1", "1", "0000aa"]
        #expect(try await ChildProgram.run([String(Self.recorder)] + again).ending == .exited(0))
        try folder.makeFolder("20261129T020000Z-live-3fa922")
        try folder.write("psrun journal 1\n", to: "20261129T020000Z-live-3fa922/journal")
        let second = try await Self.script(folder.path)
        #expect(second.ending == .exited(6) && second.output.contains("not sealed: 20261129T020000Z-live"), "\(second)")
    }

    @Test("A run that is under way is told, and makes no verdict bad; once its psrun is gone, it does")
    func underWay() async throws {
        let folder = try TemporaryFolder()
        let made = ["record", folder.path, "1", "1", "0000aa"]
        #expect(try await ChildProgram.run([String(Self.recorder)] + made).ending == .exited(0))
        let description = RunDescription(
            playbookName: "live.ps1",
            playbookBytes: Array("1\n".utf8),
            startedSeconds: 1_795_312_800,
            psrunVersion: "0.1.0",
            targets: ["a"]
        )
        let run: String
        do {
            let recorder = try await RunRecorder.create(in: folder.path, run: description, suffix: "0000bb")
            run = recorder.folder
            let audit = try Self.audit(folder.path)
            let live = try #require(audit.runs.first { $0.state == .running })
            #expect(audit.isProved && live.findings.map(\.code) == [.runUnsealed] && !live.isProved)
            let script = try await Self.script(folder.path)
            #expect(script.ending == .exited(0) && script.output.contains("not sealed yet: \(live.run)"), "\(script)")
            // Whoever asks for it by name wants to know what is proved of it.
            let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
            let named = try StoreAudit.of(.init(folder: folder.path, runs: [run], signatures: signatures))
            #expect(!named.isProved)
        }
        // What held its lock is gone, and so is psrun for all that anybody can see.
        try await Self.waitForKilled(run)
        let audit = try Self.audit(folder.path)
        #expect(audit.runs.map(\.state) == [.sealed, .killed] && !audit.isProved)
        let script = try await Self.script(folder.path)
        #expect(script.ending == .exited(6) && script.output.contains("Not whole, not sealed: "), "\(script)")
    }

    /// A recorder that is let go leaves its journal from a thread of its own.
    private static func waitForKilled(_ run: String) async throws {
        for _ in 0..<500 where RecordedRun(folder: run).isRunning { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!RecordedRun(folder: run).isRunning)
    }

    @Test("A line that is gone from the chain is told in one line")
    func aLineThatIsGone() async throws {
        var events: [StoreEvent] = []
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        events.append(.seal(night))
        for _ in 0..<30 { events.append(.access(night.name)) }
        var image = try StoreForge().make(events).image
        var lines = image["chain.log"].split(separator: 0x0A)
        lines.remove(at: 2)
        image["chain.log"] = lines.flatMap { $0 + [0x0A] }
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let findings = try Self.audit(folder.path).findings.filter { $0.code == .chainBroken }
        #expect(findings.map(\.message) == ["lines 3 to 30 are not what was chained: line 3 has the number 4"])
    }

    @Test("Lines on readings of runs that are not there are told, by both")
    func strayReadings() async throws {
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        let image = try StoreForge().make([.seal(night), .access("20261121T020000Z-never-3fa922")]).image
        let folder = try TemporaryFolder()
        try StoreImage.change(folder, from: StoreImage(), to: image)
        #expect(try Self.audit(folder.path).findings.contains { $0.code == .accessUnknown && $0.level == .note })
        let script = try await Self.script(folder.path)
        #expect(script.output.contains("readings of runs that it does not seal: 1."), "\(script)")
    }

    @Test("A signature that could not be checked is not an invalid one", arguments: [true, false])
    func unchecked(isRequired: Bool) async throws {
        let keys = try await SigningKeys()
        let (night, _) = try await RecordedNight.make(day: 22, targets: ["a"])
        let folder = try TemporaryFolder()
        let image = try StoreForge(signer: Signer(keys)).make([.seal(night)]).image
        try StoreImage.change(folder, from: StoreImage(), to: image)
        let signatures = SignatureCheck(isRequired: isRequired) { _, _, _ in
            .failure(RecordingError(.signing, "ssh-keygen cannot be run: no such file."))
        }
        let audit = try StoreAudit.of(StoreAudit.Request(folder: folder.path, heads: [], signatures: signatures))
        let finding = try #require(audit.allFindings.first { $0.level != .note })
        #expect(finding.code == .signatureUnchecked && finding.level == (isRequired ? .problem : .incomplete))
        #expect(finding.message.contains("could not be checked"))
    }
}
