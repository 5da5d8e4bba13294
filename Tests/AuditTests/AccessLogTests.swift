import Audit
import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct AccessLogTests {
    private let folder: TemporaryFolder
    private let runs: [AccessLog.Reading]

    init() async throws {
        folder = try TemporaryFolder()
        var events: [StoreEvent] = []
        for day in [22, 23] { events.append(.seal(try await RecordedNight.make(day: day, targets: ["a"]).0)) }
        try StoreImage.change(folder, from: StoreImage(), to: try StoreForge().make(events).image)
        var runs: [AccessLog.Reading] = []
        for run in try RunStore(folder: folder.path).runs() {
            runs.append((run.folder, try SealedRecording(folder: run.folder).manifest))
        }
        self.runs = runs
    }

    @Test("Each reading leaves a line that says who read and what")
    func eachReadingHasALineThatSaysWhoAndWhat() async throws {
        try await AccessLog.append(reading: runs, what: "search 'x\ty'")
        try await AccessLog.append(reading: [runs[0]], what: "replay --host web02")
        try await AccessLog.append(reading: [], what: "search nothing")
        let chain = try RunChain.read(in: folder.path)
        #expect(chain.faults.isEmpty)
        let events = chain.links.map(\.line.event).filter { $0.kind == .access }
        let names = runs.map(\.manifest.run)
        #expect(events.map(\.run) == names + names.prefix(1))
        #expect(events.map(\.what) == ["search 'x\ty'", "search 'x\ty'", "replay --host web02"])
        #expect(events.allSatisfy { $0.who.contains("(\(getuid()))") })
        #expect(events.first?.value == hexadecimal(sha256(runs[0].manifest.encoded)))
    }

    @Test("A description of what was read is cut off where it is longer than anybody reads")
    func whatNobodyReadsIsCutOff() async throws {
        let what = "search " + String(repeating: "é", count: 1 << 20)
        try await AccessLog.append(reading: [runs[0]], what: what)
        try await AccessLog.append(reading: [runs[0]], what: "show")
        let signatures = SignatureCheck(isRequired: false, signers: nil, environment: ChildProgram.environment())
        let audit = try StoreAudit.of(StoreAudit.Request(folder: folder.path, heads: [], signatures: signatures))
        #expect(audit.isProved && audit.chain?.lines == 4)
        let events = try RunChain.read(in: folder.path).links.map(\.line.event)
        #expect(events[2].what.hasPrefix("search éé") && events[2].what.hasSuffix("… (2093063 bytes more)"))
    }

    @Test("The reading of a folder that the chain does not tell of leaves no line, least of all about the run it names")
    func aStrangersFolderLeavesNoLine() async throws {
        let other = try folder.makeFolder("20261124T020000Z-other-abcdef")
        for file in ["manifest.json", "run.tar.zst"] {
            try folder.write(try contents(of: "\(runs[1].folder)/\(file)"), to: "20261124T020000Z-other-abcdef/\(file)")
        }
        let before = try contents(of: folder.path(of: "chain.log"))
        #expect(try await AccessLog.append(reading: [(other, runs[1].manifest)], what: "show") == [other])
        // Nor does a copy get a chain.
        let copy = try TemporaryFolder()
        #expect(try await shell("cp -a '\(runs[0].folder)' '\(copy.path)'", in: folder.path).ending == .exited(0))
        let run = copy.path(of: runs[0].manifest.run)
        #expect(try await AccessLog.append(reading: [(run, runs[0].manifest)], what: "show") == [run])
        #expect(!FilePaths.exists(copy.path(of: "chain.log")))
        #expect(try contents(of: folder.path(of: "chain.log")) == before)
    }

    @Test("A chain that others may write takes no line, and the error names the way out")
    func aChainThatOthersWriteNamesTheWayOut() async throws {
        #expect(chmod(folder.path(of: "chain.log"), 0o666) == 0)
        let error = await #expect(throws: RecordingError.self) {
            try await AccessLog.append(reading: [runs[0]], what: "replay")
        }
        #expect(error?.code == .writeFailed)
        #expect(error?.message.contains("others may write it") == true)
        #expect(error?.message.contains("--no-access-log") == true)
    }
}
