import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

@Suite struct RunPruningTests {
    /// After all sample runs began.
    private static let now: Int64 = 1_795_312_800 + 86_400

    /// Makes sealed runs, one for each suffix.
    private static func runs(in folder: String, _ suffixes: String..., retainUntil: Int64? = nil) async throws {
        for suffix in suffixes {
            var description = SampleRun.description(targets: ["host"])
            description.retainUntilSeconds = retainUntil
            let recorder = try await RunRecorder.create(in: folder, run: description, suffix: suffix)
            try await SampleRun.record(0, target: "host", steps: 1, in: recorder)
            _ = try await recorder.seal(exitCode: 0)
        }
    }

    private static func decisions(_ folder: String, keep: Int64 = 3_600, now: Int64 = now) throws
        -> [RunPruning.Decision]
    {
        RunPruning.decide(
            try RunStore(folder: folder).runsAndTombstones(),
            sealed: try RunChain.sealedRuns(in: folder),
            now: now,
            keep: keep
        ).map(\.decision)
    }

    @Test("Only old sealed runs are pruned, and never the newest")
    func onlyOldSealedRunsGoAndNeverTheNewest() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a")
        try await Self.runs(in: folder.path, "00000b", retainUntil: Self.now + 1)
        try await Self.runs(in: folder.path, "00000c", "00000d")
        var left = try CrashingRun("leave", folder.path)
        try await left.end()
        #expect(
            try Self.decisions(folder.path) == [.unsealed, .prune, .retained(until: Self.now + 1), .prune, .newest]
                || Self.decisions(folder.path) == [.prune, .retained(until: Self.now + 1), .prune, .newest, .unsealed]
        )
        #expect(try Self.decisions(folder.path, keep: 86_400).filter { $0 == .prune }.isEmpty)
        #expect(try Self.decisions(folder.path, now: Self.now + 2).filter { $0 == .prune }.count == 3)
    }

    @Test("A pruned run leaves its manifest, a tombstone and a line in the chain")
    func aPrunedRunLeavesItsManifestATombstoneAndALine() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a", "00000b")
        let store = RunStore(folder: folder.path)
        let run = try #require(try store.runs().first)
        let head = try RunChain.read(in: folder.path).head
        let size = try SealedRecording(folder: run.folder).manifest.archiveBytes
        let bytes = try RunPruning.prune(
            run.folder,
            reason: "--keep 90d",
            options: SealOptions(sign: { _, _ in Array("signed".utf8) })
        )
        #expect(bytes == size)
        #expect(try await shell("ls", in: run.folder).output == "manifest.json\ntombstone.json\ntombstone.json.sig\n")
        guard case .pruned(let manifest, let tombstone) = RecordedRun(folder: run.folder).state else {
            Issue.record("not pruned")
            return
        }
        #expect(tombstone.manifestHash == hexadecimal(sha256(manifest.encoded)))
        #expect(tombstone.chainHead == head)
        #expect(tombstone.reason == "--keep 90d")
        let line = try #require(try RunChain.read(in: folder.path).links.last?.line.event)
        #expect(line.kind == .prune && line.run == run.name)
        #expect(line.value == hexadecimal(sha256(tombstone.encoded)))

        #expect(try store.runs().count == 1)
        #expect(try store.runsAndTombstones().count == 2)
        #expect(try store.run("last").name.hasSuffix("00000b"))
        #expect(throws: RecordingError.self) { try store.run("last~1") }
        #expect(throws: RecordingError.self) { try store.run("00000a") }
        #expect(try store.run(run.name) == RecordedRun(folder: run.folder))
    }

    @Test("A tombstone that has no line in the chain takes no archive away")
    func aTombstoneThatNobodyWroteTakesNoArchive() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a", "00000b")
        let runs = try RunStore(folder: folder.path).runs()
        let manifest = try SealedRecording(folder: runs[1].folder).manifest
        let tombstone = Tombstone(
            run: manifest.run,
            manifestHash: hexadecimal(sha256(manifest.encoded)),
            prunedSeconds: Self.now,
            by: "root(0)",
            reason: "--keep 90d",
            chainHead: try RunChain.read(in: folder.path).head
        )
        try folder.write(tombstone.encoded, to: "\(manifest.run)/tombstone.json")
        let error = #expect(throws: RecordingError.self) {
            try RunPruning.prune(runs[1].folder, reason: "--keep 90d")
        }
        #expect(error?.code == .damaged)
        #expect(FilePaths.exists("\(runs[1].folder)/run.tar.zst"))

        // Another run's, that is in the chain, is none of this run's either.
        unlink("\(runs[1].folder)/tombstone.json")
        try RunPruning.prune(runs[0].folder, reason: "--keep 90d")
        let other = try contents(of: "\(runs[0].folder)/tombstone.json")
        try folder.write(other, to: "\(manifest.run)/tombstone.json.part")
        try RunPruning.prune(runs[1].folder, reason: "--keep 90d")
        guard case .pruned(_, let own) = RecordedRun(folder: runs[1].folder).state else {
            Issue.record("not pruned")
            return
        }
        #expect(own.run == manifest.run)
    }

    @Test("A retention outlives a tombstone")
    func aRetentionOutlivesATombstone() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a", retainUntil: Self.now + 1)
        try await Self.runs(in: folder.path, "00000b")
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        let archive = try contents(of: "\(run.folder)/run.tar.zst")
        try RunPruning.prune(run.folder, reason: "--keep 90d")
        try folder.write(archive, to: "\(run.name)/run.tar.zst")
        #expect(try Self.decisions(folder.path).first == .retained(until: Self.now + 1))
        #expect(try Self.decisions(folder.path, now: Self.now + 2).first == .prune)
    }

    @Test("A run whose tombstone cannot be signed stays")
    func whatCanNotBeSignedStays() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a", "00000b")
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        let error = #expect(throws: RecordingError.self) {
            try RunPruning.prune(
                run.folder,
                reason: "--keep 90d",
                options: SealOptions(sign: { _, _ throws(RecordingError) in throw RecordingError(.signing, "no key") })
            )
        }
        #expect(error?.code == .signing)
        #expect(try RunChain.read(in: folder.path).count == 2)
        #expect(try SealedRecording(folder: run.folder).entries.count == 1)
    }

    @Test("A prune that is killed anywhere is completed by the next")
    func aPruneThatIsKilledAnywhereIsCompletedByTheNext() async throws {
        var kills = 0
        for operation in 1..<100 {
            let folder = try TemporaryFolder()
            try await Self.runs(in: folder.path, "00000a", "00000b")
            let run = try #require(try RunStore(folder: folder.path).runs().first)
            var prune = try CrashingRun("prune", run.folder, killedBefore: operation)
            try await prune.end()
            let decided = RunPruning.decide(
                try RunStore(folder: folder.path).runsAndTombstones(),
                sealed: try RunChain.sealedRuns(in: folder.path),
                now: Self.now,
                keep: 3_600
            )
            for (run, decision) in decided where decision == .prune {
                try RunPruning.prune(run.folder, reason: "--keep 1d")
            }
            #expect(try await shell("ls", in: run.folder).output == "manifest.json\ntombstone.json\n", "\(operation)")
            let chain = try RunChain.read(in: folder.path)
            #expect(chain.faults.isEmpty && chain.count == 3)
            guard case .pruned(_, let tombstone) = RecordedRun(folder: run.folder).state else {
                Issue.record("operation \(operation): not pruned")
                continue
            }
            #expect(chain.links[2].line.event.value == hexadecimal(sha256(tombstone.encoded)))
            guard prune.lines != ["pruned"] else { break }
            kills += 1
        }
        #expect(kills >= 7)
    }

    // MARK: Strangers, and others at work

    /// A stranger's folder, whose manifest is the one of a run here.
    private static func stranger(in folder: TemporaryFolder, like run: RecordedRun) throws -> RecordedRun {
        let name = "20261121T020000Z-stranger-abcdef"
        try folder.makeFolder(name)
        for file in ["manifest.json", "run.tar.zst"] {
            try folder.write(try contents(of: "\(run.folder)/\(file)"), to: "\(name)/\(file)")
        }
        return RecordedRun(folder: folder.path(of: name))
    }

    @Test("A folder whose manifest names another run is left alone, and takes no line of that run's")
    func aStrangersFolderIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a", "00000b")
        let newest = try #require(try RunStore(folder: folder.path).runs().last)
        let stranger = try Self.stranger(in: folder, like: newest)
        #expect(try Self.decisions(folder.path) == [.foreign, .prune, .newest])
        let error = #expect(throws: RecordingError.self) { try RunPruning.prune(stranger.folder, reason: "--keep 1d") }
        #expect(error?.code == .damaged)
        #expect(try RunChain.read(in: folder.path).count == 2)
        #expect(try FilePaths.names(in: stranger.folder) == ["manifest.json", "run.tar.zst"])
        // Nor is a run that the chain does not tell of, or tells of with another manifest.
        unlink(folder.path(of: "chain.log"))
        #expect(try Self.decisions(folder.path) == [.foreign, .foreign, .foreign])
        #expect(throws: RecordingError.self) { try RunPruning.prune(newest.folder, reason: "--keep 1d") }
        #expect(try SealedRecording(folder: newest.folder).entries.count == 1)
    }

    @Test("A stranger's newer folder does not take the newest run's place")
    func aStrangerIsNotTheNewest() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a")
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        let stranger = try Self.stranger(in: folder, like: run)
        let later = folder.path(of: "20261123T020000Z-stranger-abcdef")
        #expect(rename(stranger.folder, later) == 0)
        #expect(try Self.decisions(folder.path, now: Self.now + 86_400) == [.newest, .foreign])
    }

    @Test("Many that prune the same run at once prune it once")
    func manyPruneAtOnce() async throws {
        for _ in 0..<6 {
            let folder = try TemporaryFolder()
            try await Self.runs(in: folder.path, "00000a", "00000b")
            let run = try #require(try RunStore(folder: folder.path).runs().first)
            var prunes = try (0..<4).map { _ in try CrashingRun("prune", run.folder) }
            for index in prunes.indices {
                try await prunes[index].end()
                #expect(prunes[index].lines == ["pruned"])
            }
            let chain = try RunChain.read(in: folder.path)
            #expect(chain.faults.isEmpty && chain.links.map(\.line.event.kind) == [.run, .run, .prune])
            #expect(try FilePaths.names(in: run.folder) == ["manifest.json", "tombstone.json"])
            #expect(try RunPruning.prune(run.folder, reason: "--keep 1d") == nil)
        }
    }

    @Test("Where the chain says that a run was pruned and its tombstone is gone, no second line is written")
    func aLostTombstoneIsNotReplaced() async throws {
        let folder = try TemporaryFolder()
        try await Self.runs(in: folder.path, "00000a", "00000b")
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        let archive = try contents(of: "\(run.folder)/run.tar.zst")
        try RunPruning.prune(run.folder, reason: "--keep 1d")
        unlink("\(run.folder)/tombstone.json")
        try folder.write(archive, to: "\(run.name)/run.tar.zst")
        let error = #expect(throws: RecordingError.self) { try RunPruning.prune(run.folder, reason: "--keep 1d") }
        #expect(error?.code == .damaged)
        #expect(try RunChain.read(in: folder.path).count == 3)
    }
}
