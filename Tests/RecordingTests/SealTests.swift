import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Synchronization
import Testing

/// A seal puts a run into the chain exactly once, wherever it is cut off.
@Suite struct SealTests {
    /// Checks that a folder holds sealed runs only, in one chain, each in it once; answers their manifests in its order.
    @discardableResult
    private static func checkChain(_ folder: String, runs count: Int) throws -> [Manifest] {
        let chain = try RunChain.read(in: folder)
        #expect(chain.faults.isEmpty && chain.tornBytes == 0)
        let lines = chain.links.filter { $0.line.event.kind == .run }
        #expect(lines.count == count)
        var manifests: [Manifest] = []
        var previous: PreviousRun?
        for link in lines {
            let run = "\(folder)/\(link.line.event.run)"
            let bytes = try contents(of: "\(run)/manifest.json")
            #expect(hexadecimal(sha256(bytes)) == link.line.event.value)
            let manifest = try #require(Manifest(bytes))
            #expect(manifest.run == link.line.event.run)
            #expect(manifest.previous == previous)
            #expect(manifest.chainHead == link.line.previous)
            let recording = try SealedRecording(folder: run)
            for entry in recording.entries { try recording.check(entry) }
            previous = PreviousRun(run: manifest.run, manifestHash: link.line.event.value)
            manifests.append(manifest)
        }
        return manifests
    }

    @Test("Each sealed run names the one before")
    func eachRunNamesTheOneBefore() async throws {
        let folder = try TemporaryFolder()
        var sealed: [SealedRun] = []
        for suffix in ["00000a", "00000b", "00000c"] {
            sealed.append(try await SampleRun.sealed(in: folder.path, targets: ["host"], suffix: suffix))
        }
        let manifests = try Self.checkChain(folder.path, runs: 3)
        #expect(manifests.map(\.previous?.manifestHash) == [nil] + sealed.dropLast().map(\.manifestHash))
        #expect(sealed.map(\.chainHead.lines) == [1, 2, 3])
        #expect(try RunChain.read(in: folder.path).head == sealed[2].chainHead.hash)
        #expect(sealed.allSatisfy { $0.shortcomings.isEmpty })
    }

    @Test("A seal that is killed anywhere is finished by recovery")
    func aSealThatIsKilledAnywhereIsFinishedByRecovery() async throws {
        var kills = 0
        var resealed = 0
        for operation in 1..<100 {
            let folder = try TemporaryFolder()
            _ = try await SampleRun.sealed(in: folder.path, targets: ["host"], suffix: "0000aa")
            var run = try CrashingRun("record", folder.path, "3", "2", killedBefore: operation)
            try await run.end()
            let killed = run.lines.last != "sealed"
            for recorded in try RunStore(folder: folder.path).runs() {
                // A process that was killed while it made the folder has shown nothing.
                guard !run.shown.isEmpty || recorded.name.hasSuffix("0000aa") else { continue }
                _ = try RunRecovery.recover(recorded.folder)
                let left = try await shell("ls", in: recorded.folder).output
                #expect(left == "manifest.json\nrun.tar.zst\n", "operation \(operation)")
            }
            guard !run.shown.isEmpty else { continue }
            let manifests = try Self.checkChain(folder.path, runs: 2)
            if manifests[1].recovered { resealed += 1 }
            guard killed else { break }
            kills += 1
        }
        #expect(kills >= 7)
        #expect(resealed > 0 && resealed < kills, "some are sealed again, some only want their name")
    }

    @Test("A recovery that is killed anywhere is done again")
    func aRecoveryThatIsKilledAnywhereIsDoneAgain() async throws {
        var kills = 0
        for operation in 1..<100 {
            let folder = try TemporaryFolder()
            var left = try CrashingRun("leave", folder.path)
            try await left.end()
            let run = try #require(try RunStore(folder: folder.path).runs().first)
            var recovery = try CrashingRun("recover", run.folder, killedBefore: operation)
            try await recovery.end()
            _ = try RunRecovery.recover(run.folder)
            try Self.checkChain(folder.path, runs: 1)
            guard recovery.lines != ["recovered"] else { break }
            kills += 1
        }
        #expect(kills >= 7)
    }

    @Test("Many runs that seal at once make one chain")
    func manySealAtOnceAndMakeOneChain() async throws {
        let folder = try TemporaryFolder()
        var runs = try (0..<6).map { try CrashingRun("record", folder.path, "3", "4", "00000\($0)") }
        for index in runs.indices {
            try await runs[index].end()
            #expect(runs[index].lines.last == "sealed")
        }
        try Self.checkChain(folder.path, runs: 6)
    }

    @Test("A chain that was lost begins again")
    func aChainThatWasLostBeginsAgain() async throws {
        let folder = try TemporaryFolder()
        _ = try await SampleRun.sealed(in: folder.path, targets: ["host"], suffix: "00000a")
        unlink(folder.path(of: "chain.log"))
        let sealed = try await SampleRun.sealed(in: folder.path, targets: ["host"], suffix: "00000b")
        #expect(sealed.chainHead.lines == 1)
        try Self.checkChain(folder.path, runs: 1)
    }

    @Test("A chain that cannot be written is told before anything is recorded")
    func aChainThatCanNotBeWrittenIsToldBeforeAnythingIsRecorded() async throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("chain.log")
        let error = await #expect(throws: RecordingError.self) {
            _ = try await RunRecorder.create(
                in: folder.path,
                run: SampleRun.description(targets: ["host"]),
                suffix: "abcdef"
            )
        }
        #expect(error?.code == .folderUnusable)
        #expect(error?.message.contains("chain.log") == true)
        #expect(try RunStore(folder: folder.path).runs().isEmpty)
    }

    @Test("The signature is of the manifest, and the witness hears the head")
    func theSignatureIsOfTheManifestAndTheWitnessHearsTheHead() async throws {
        let folder = try TemporaryFolder()
        let heard = Mutex<[ChainHead]>([])
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: SampleRun.description(targets: ["host"]),
            suffix: "abcdef"
        )
        try await SampleRun.record(0, target: "host", steps: 1, in: recorder)
        let options = SealOptions(
            sign: { bytes, _ in Array("signed ".utf8) + hexadecimal(sha256(bytes)).utf8 },
            witness: { head, _, _ in heard.withLock { $0.append(head) } }
        )
        let sealed = try await recorder.seal(exitCode: 0, options: options)
        let signature = try contents(of: "\(sealed.folder)/manifest.json.sig")
        #expect(String(decoding: signature, as: UTF8.self) == "signed \(sealed.manifestHash)")
        #expect(heard.withLock(\.self) == [sealed.chainHead])
        #expect(sealed.shortcomings.isEmpty)
    }

    @Test("A seal that has little time waits so long for who signs and who is told, and no longer")
    func aSealThatHasLittleTimeWaitsNoLonger() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: SampleRun.description(targets: ["host"]),
            suffix: "abcdef"
        )
        try await SampleRun.record(0, target: "host", steps: 1, in: recorder)
        let patiences = Mutex<[Int]>([])
        var options = SealOptions(
            sign: { bytes, patience in
                patiences.withLock { $0.append(patience) }
                return bytes
            },
            witness: { _, _, patience in patiences.withLock { $0.append(patience) } }
        )
        options.end = .now + .milliseconds(900)
        _ = try await recorder.seal(exitCode: 0, options: options)
        #expect(patiences.withLock { $0.count == 2 && $0.allSatisfy { $0 <= 900 } })
        options.end = nil
        #expect(options.patience(.keygenWait) == 10_000 && options.patience(.chainWait) == 60_000)
        options.end = .now - .seconds(1)
        #expect(options.patience(.keygenWait) == 0)
    }

    @Test("A run that could not be signed is sealed and says so")
    func withoutItsSignatureARunIsSealedAndSaysSo() async throws {
        let folder = try TemporaryFolder()
        let recorder = try await RunRecorder.create(
            in: folder.path,
            run: SampleRun.description(targets: ["host"]),
            suffix: "abcdef"
        )
        try await SampleRun.record(0, target: "host", steps: 1, in: recorder)
        let options = SealOptions(
            sign: { _, _ throws(RecordingError) in throw RecordingError(.signing, "The agent is gone.") },
            witness: { _, _, _ throws(RecordingError) in throw RecordingError(.witness, "The log is gone.") }
        )
        let sealed = try await recorder.seal(exitCode: 0, options: options)
        #expect(sealed.shortcomings.map(\.code) == [.signing, .witness])
        #expect(sealed.shortcomings[0].message.contains("without a signature. The agent is gone."))
        try Self.checkChain(folder.path, runs: 1)
        #expect(access("\(sealed.folder)/manifest.json.sig", F_OK) != 0)
    }

    @Test("How long a run is retained survives a crash")
    func howLongItIsRetainedSurvivesACrash() async throws {
        let folder = try TemporaryFolder()
        var description = SampleRun.description(targets: ["host"])
        description.retainUntilSeconds = 4_000_000_000
        #expect(
            RunDescription(journalPayload: description.journalPayload, playbookBytes: description.playbookBytes)
                == description
        )
        let recorder = try await RunRecorder.create(in: folder.path, run: description, suffix: "abcdef")
        let sealed = try await recorder.seal(exitCode: 0)
        #expect(try SealedRecording(folder: sealed.folder).manifest.retainUntilSeconds == 4_000_000_000)
    }
}
