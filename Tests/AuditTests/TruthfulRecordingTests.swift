import Audit
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// What was recorded is proved, whatever a far side printed; what was made to pass for it is not.
@Suite struct TruthfulRecordingTests {
    private static func verdicts(_ folder: String) async throws -> (audit: StoreAudit, script: ProgramOutcome) {
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        let audit = try StoreAudit.of(StoreAudit.Request(folder: folder, heads: [], signatures: signatures))
        let script = VerifyScript.unsigned(in: folder).text
        return (audit, try await ChildProgram.run(["/bin/sh", "-c", script], within: 120))
    }

    /// A folder with one run, as it comes out of `change`.
    private static func folder(
        _ change: (inout ArchiveForge, inout Night) throws -> Void
    ) async throws -> (folder: TemporaryFolder, run: String) {
        var (night, forge) = try await RecordedNight.make(day: 22, targets: ["web01", "a \"b\\\" c"])
        try change(&forge, &night)
        let made = forge.make(for: night.manifest)
        let folder = try TemporaryFolder()
        let image = try StoreForge().make([.seal(Night(manifest: made.manifest, archive: made.archive))]).image
        try StoreImage.change(folder, from: StoreImage(), to: image)
        return (folder, folder.path(of: night.name))
    }

    /// An entry's text with `more` before its end.
    private static func longer(_ entry: ArchiveForge.Entry, by more: [UInt8]) -> [UInt8] {
        var lines = entry.text.split(separator: 0x0A).map { Array($0) + [0x0A] }
        lines.removeLast()
        return closed(lines.flatMap(\.self) + more)
    }

    private static func closed(_ text: [UInt8]) -> [UInt8] {
        var text = text
        let hash = hexadecimal(sha256(text))
        CastEncoder.append(time: 2_000_000_000, code: .hash, text: hash.utf8, to: &text)
        return text
    }

    @Test("An archive that psrun 0.1.0 made of 9 MB of one letter is proved by both")
    func oneLetter() async throws {
        let (folder, run) = try await Self.folder { forge, _ in
            var line: [UInt8] = []
            CastEncoder.append(time: 0, code: .output, text: [UInt8](repeating: 0x61, count: 9 << 20), to: &line)
            forge.entries[0].text = Self.longer(forge.entries[0], by: line)
        }
        let manifest = try SealedRecording(folder: run).manifest
        #expect(9 << 20 / manifest.archiveBytes > 0)
        let (audit, script) = try await Self.verdicts(folder.path)
        #expect(audit.isProved, "\(audit.allFindings)")
        #expect(script.ending == .exited(0), "\(script)")
    }

    @Test("An archive that was made to keep its reader busy is refused by everybody, and at once")
    func aBomb() async throws {
        let (folder, run) = try await Self.folder { forge, _ in
            forge.entries[0].text = [UInt8](repeating: 0x61, count: 300 << 20)
        }
        let took = ContinuousClock().measure {
            let error = #expect(throws: RecordingError.self) { try SealedRecording(folder: run) }
            #expect(error?.code == .damaged && error?.message.contains("would expand to") == true)
        }
        #expect(took < .seconds(2))
        let (audit, script) = try await Self.verdicts(folder.path)
        #expect(audit.allFindings.contains { $0.code == .archiveLayout && $0.message.contains("would expand to") })
        #expect(script.errors.contains("would expand to more than 268435456 bytes"), "\(script)")
    }

    @Test("A manifest that counts other outcomes than its entries have is refused by both", arguments: 0..<4)
    func otherOutcomes(number: Int) async throws {
        let (folder, _) = try await Self.folder { forge, night in
            switch number {
            case 0: night.manifest.outcomes = ["ok": 1, "unreachable": 1]
            case 1: night.manifest.outcomes = ["ok": 1]
            case 2:
                // The last X event counts.
                var line: [UInt8] = []
                let end = #"{"target":"web01","outcome":"failed"}"#
                CastEncoder.append(time: 2_000_000_000, code: .exit, text: end.utf8, to: &line)
                forge.entries[0].text = Self.longer(forge.entries[0], by: line)
            default: forge.entries[0].text = Self.closed(Array(forge.entries[0].text.prefix { $0 != 0x0A }) + [0x0A])
            }
        }
        let (audit, script) = try await Self.verdicts(folder.path)
        #expect(audit.allFindings.filter { $0.level == .problem }.map(\.code) == [.outcomesContradict])
        #expect(script.ending == .exited(1), "\(script)")
        #expect(script.errors.contains("counts other outcomes"), "\(script)")
    }

    @Test("An outcome that is not a word is not an outcome, and no manifest's")
    func noWord() async throws {
        let title = "\u{1B}]0;owned\u{7}"
        let (folder, _) = try await Self.folder { forge, night in
            var line: [UInt8] = []
            let end: JSONValue = .record([.target: "web01", .outcome: .string(title)])
            CastEncoder.append(time: 2_000_000_000, code: .exit, text: end.compact, to: &line)
            forge.entries[0].text = Self.longer(forge.entries[0], by: line)
            night.manifest.outcomes = ["ok": 1, "unknown": 1]
        }
        let (audit, script) = try await Self.verdicts(folder.path)
        #expect(audit.isProved && script.ending == .exited(0), "\(audit.allFindings) \(script)")
        let (other, _) = try await Self.folder { _, night in night.manifest.outcomes = ["ok": 1, title: 1] }
        let verdicts = try await Self.verdicts(other.path)
        #expect(verdicts.audit.allFindings.contains { $0.code == .manifestInvalid })
        #expect(verdicts.script.ending == .exited(1), "\(verdicts.script)")
    }

    @Test("A number of index.tsv that no file has is damage, and no proof is made of it", arguments: 0..<4)
    func foreignNumbers(number: Int) async throws {
        let length = ["18446744073709551615", "18446744073709551104", "999999999999999999", "8589934591"][number]
        let (folder, run) = try await Self.folder { forge, _ in
            let made = forge.make(for: Self.anyManifest)
            let index = try Self.index(of: made.archive)
            var lines = String(decoding: index, as: UTF8.self).split(separator: "\n").map(String.init)
            var fields = lines[0].split(separator: "\t").map(String.init)
            fields[4] = length
            lines[0] = fields.joined(separator: "\t")
            forge.index.bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        }
        let error = #expect(throws: RecordingError.self) {
            let recording = try SealedRecording(folder: run)
            _ = try ProofMaker(recording.entries[0], of: recording, in: run)
        }
        #expect(error?.code == .damaged)
        let (audit, script) = try await Self.verdicts(folder.path)
        #expect(!audit.isProved)
        _ = script
    }

    private static let anyManifest = Manifest(
        run: "a",
        playbookName: "a",
        playbookHash: Chain.emptyHead,
        psrunVersion: "",
        startedSeconds: 0,
        endedSeconds: 0,
        durationMicroseconds: 0,
        exitCode: 0,
        recovered: false,
        entries: 0,
        outcomes: [:],
        archiveBytes: 0,
        archiveHash: Chain.emptyHead,
        indexHash: Chain.emptyHead,
        sumsHash: Chain.emptyHead,
        merkleRoot: Chain.emptyHead,
        journalHead: Chain.emptyHead
    )

    /// The `index.tsv` that a forge makes.
    private static func index(of archive: [UInt8]) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try folder.write(archive, to: "run.tar.zst")
        let shell = ["/bin/sh", "-c", "tar --zstd -xOf '\(folder.path)/run.tar.zst' index.tsv"]
        return try ChildProgram(shell).wait(seconds: 30).standardOutput
    }
}
