import Audit
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct AccessLogTests {
    private static func manifest(_ run: String) -> Manifest {
        let hash = String(repeating: "0f", count: 32)
        return Manifest(
            run: run,
            playbookName: "nightly.ps1",
            playbookHash: hash,
            psrunVersion: "0.1.0",
            startedSeconds: 0,
            endedSeconds: 0,
            durationMicroseconds: 0,
            exitCode: 0,
            recovered: false,
            entries: 0,
            outcomes: [:],
            archiveBytes: 0,
            archiveHash: hash,
            indexHash: hash,
            sumsHash: hash,
            merkleRoot: hash,
            journalHead: hash
        )
    }

    @Test("Each reading leaves a line that says who read and what")
    func eachReadingHasALineThatSaysWhoAndWhat() async throws {
        let folder = try TemporaryFolder()
        try await AccessLog.append(
            reading: [Self.manifest("a"), Self.manifest("b")],
            in: folder.path,
            what: "search 'x\ty'"
        )
        try await AccessLog.append(reading: [Self.manifest("a")], in: folder.path, what: "replay --host web02")
        try await AccessLog.append(reading: [], in: folder.path, what: "search nothing")
        let chain = try RunChain.read(in: folder.path)
        #expect(chain.faults.isEmpty)
        let events = chain.links.map(\.line.event)
        #expect(events.map(\.run) == ["a", "b", "a"])
        #expect(events.map(\.what) == ["search 'x\ty'", "search 'x\ty'", "replay --host web02"])
        #expect(events.allSatisfy { $0.kind == .access && $0.who.contains("(\(getuid()))") })
        #expect(events.first?.value == hexadecimal(sha256(Self.manifest("a").encoded)))
        #expect(try await shell("stat -c %a chain.log", in: folder.path).output == "600\n")
    }

    @Test("A description of what was read is cut off where it is longer than anybody reads")
    func whatNobodyReadsIsCutOff() async throws {
        let folder = try TemporaryFolder()
        let what = "search " + String(repeating: "é", count: 1 << 20)
        try await AccessLog.append(reading: [Self.manifest("a")], in: folder.path, what: what)
        try await AccessLog.append(reading: [Self.manifest("a")], in: folder.path, what: "show")
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        let audit = try StoreAudit.of(StoreAudit.Request(folder: folder.path, heads: [], signatures: signatures))
        #expect(audit.isProved && audit.chain?.lines == 2)
        let events = try RunChain.read(in: folder.path).links.map(\.line.event)
        #expect(events[0].what.hasPrefix("search éé") && events[0].what.hasSuffix("… (2093063 bytes more)"))
    }

    @Test("A folder that cannot be written is an error that names the way out")
    func aFolderThatCanNotBeWrittenNamesTheWayOut() async throws {
        let error = await #expect(throws: RecordingError.self) {
            try await AccessLog.append(reading: [Self.manifest("a")], in: "/proc", what: "replay")
        }
        #expect(error?.code == .writeFailed)
        #expect(error?.message.contains("--no-access-log") == true)
    }
}
