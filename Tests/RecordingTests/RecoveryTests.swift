import Files
import Glibc
import PSRunTestSupport
import Recording
import RecordingFormat
import Testing

/// Nothing that was acknowledged is lost, whenever psrun is killed.
@Suite struct RecoveryTests {
    /// Recovers the one run in a folder and holds it against what was shown; returns whether there was one to recover.
    private static func recover(_ store: RunStore, _ killed: CrashingRun) throws -> Bool {
        guard let run = try store.runs().first else {
            #expect(killed.lines.isEmpty)
            return false
        }
        let recovered: RecoveredRun
        do {
            recovered = try RunRecovery.recover(run.folder)
        } catch {
            #expect(error.code == .truncated, "\(error.message)")
            #expect(killed.lines.isEmpty)
            return false
        }
        #expect(recovered.manifest.recovered || recovered.wasSealed)
        #expect(!killed.lines.contains("sealed") || recovered.wasSealed)
        let recording = try SealedRecording(folder: run.folder)
        for (index, entry) in recording.entries.enumerated() {
            let events = try recording.events(of: entry)
            let results = events.filter { $0.code == .step }.map(\.data)
            let steps = results.filter { $0.hasPrefix("{\"step\":") }
            // A session of which no result is on disk is told of line by line.
            #expect(results.count == max(steps.count, 1) && (results == steps || results[0].contains("not_sent")))
            #expect(steps == (0..<steps.count).map { "{\"step\":\($0)}" }, "\(entry.target): steps out of order")
            #expect(steps.count > killed.shown[index] ?? -1, "\(entry.target): shown, and not recovered")
            #expect(events.suffix(2).map(\.code) == [.exit, .hash])
            let outputs = events.filter { $0.code == .output }.prefix(steps.count).enumerated()
            #expect(outputs.allSatisfy { $1.data.hasPrefix("host\(index) step \($0) ") }, "\(entry.target): output")
        }
        #expect(try RunRecovery.recover(run.folder).wasSealed, "a second time there is nothing to do")
        return true
    }

    @Test("A run killed at any moment is recovered up to the last step shown")
    func aRunKilledAtAnyMomentIsRecoveredToTheLastStepShown() async throws {
        var generator = SplitMix64(seed: 0x5EED)
        var recovered = 0
        var withSteps = 0
        for _ in 0..<110 {
            let folder = try TemporaryFolder()
            var run = try CrashingRun("record", folder.path, "3", "20")
            // Up to 61 lines come: 3 targets with 20 steps, and "sealed".
            try await run.read(lines: Int.random(in: 0...61, using: &generator))
            try await run.kill(after: .microseconds(Int.random(in: 0...4_000, using: &generator)))
            if try Self.recover(RunStore(folder: folder.path), run) { recovered += 1 }
            if !run.shown.isEmpty { withSteps += 1 }
        }
        #expect(recovered >= 100)
        #expect(withSteps >= 80)
    }

    @Test("A recovery killed at any moment can be done again")
    func recoveryKilledAtAnyMomentIsDoneAgain() async throws {
        var generator = SplitMix64(seed: 0xAB1E)
        let folder = try TemporaryFolder()
        var run = try CrashingRun("record", folder.path, "20", "100")
        try await run.read(lines: 400)
        try await run.kill(after: .zero)
        let store = RunStore(folder: folder.path)
        let killed = try #require(try store.runs().first)
        var attempts = 0
        var finished = false
        while !finished && attempts < 40 {
            var recovery = try CrashingRun("recover", killed.folder)
            try await recovery.kill(
                after: .microseconds(Int.random(in: 0...(2_000 + 5_000 * attempts), using: &generator))
            )
            finished = recovery.lines == ["recovered"]
            attempts += 1
        }
        #expect(attempts > 1)
        #expect(try Self.recover(store, run))
        #expect(try await shell("ls", in: killed.folder).output == "manifest.json\nrun.tar.zst\n")
    }

    @Test("A folder with nothing in it has nothing to recover")
    func aFolderWithNothingInItHasNothingToRecover() throws {
        let folder = try TemporaryFolder()
        let run = try folder.makeFolder("20261122T020000Z-nightly-abcdef")
        for _ in 0..<2 {
            let error = #expect(throws: RecordingError.self) { try RunRecovery.recover(run) }
            #expect(error?.code == .truncated)
            try folder.write("psrun jou", to: "20261122T020000Z-nightly-abcdef/journal")
        }
        #expect(RecordedRun(folder: run).state == .killed(nil))
    }

    @Test("A journal goes only where all of it is sealed", arguments: [true, false])
    func aManifestThatIsNotItsOwnTakesNoJournal(isSealed: Bool) async throws {
        let folder = try TemporaryFolder()
        let sealed = try await SampleRun.sealed(in: folder.path, targets: ["a"])
        let name = "20261123T020000Z-other-3fa91c"
        try folder.makeFolder(name)
        try folder.write("psrun journal 1\n", to: "\(name)/journal")
        for file in ["manifest.json", "run.tar.zst"] {
            try folder.write(isSealed ? try contents(of: "\(sealed.folder)/\(file)") : [], to: "\(name)/\(file)")
        }
        let error = #expect(throws: RecordingError.self) { try RunRecovery.recover(folder.path(of: name)) }
        #expect(error?.code == .damaged)
        #expect(FilePaths.exists(folder.path(of: "\(name)/journal")))
    }

    @Test("What follows a journal's damage is not read, however much it is", arguments: [0, 16])
    func damageEndsTheReading(start: Int) throws {
        let folder = try TemporaryFolder()
        let name = "20261123T020000Z-other-3fa91c"
        try folder.makeFolder(name)
        let path = try folder.write(Array("psrun journal 1\n".utf8.prefix(start)), to: "\(name)/journal")
        // 8 TiB of nothing, which no test has the time to read.
        #expect(truncate(path, 1 << 43) == 0)
        guard case .killed(nil) = RecordedRun(folder: folder.path(of: name)).state else {
            Issue.record("a run of its own")
            return
        }
        let error = #expect(throws: RecordingError.self) { try RunRecovery.recover(folder.path(of: name)) }
        #expect(error?.code == .damaged)
        #expect(try File(path, O_RDONLY).size == 1 << 43)
    }

    /// A killed run with a journal of these records.
    private static func killed(in folder: TemporaryFolder, _ records: [JournalRecord]) throws -> String {
        let name = "20261123T020000Z-other-3fa91c"
        var encoder = JournalEncoder(hash: sha256)
        for record in records { encoder.append(record) }
        try folder.makeFolder(name)
        try folder.write(encoder.closeBlock(time: 0), to: "\(name)/journal")
        return folder.path(of: name)
    }

    private static func beginning(_ run: RunDescription) -> [JournalRecord] {
        [
            JournalRecord(entry: nil, time: 0, kind: .run, payload: run.journalPayload[...]),
            JournalRecord(entry: nil, time: 0, kind: .playbook, payload: run.playbookBytes[...]),
        ]
    }

    @Test("A time that nothing can be sealed with is none", arguments: [-1, 1 << 33, .max, .min] as [Int64])
    func noSuchTime(seconds: Int64) throws {
        var runs = [SampleRun.description(targets: ["a"]), SampleRun.description(targets: ["a"])]
        runs[0].startedSeconds = seconds
        // 10000-01-01 is the first day that no manifest can name.
        runs[1].retainUntilSeconds = seconds == 1 << 33 ? 253_402_300_800 : seconds == -1 ? .max : seconds
        for run in runs {
            let folder = try TemporaryFolder()
            let path = try Self.killed(in: folder, Self.beginning(run))
            let error = #expect(throws: RecordingError.self) { try RunRecovery.recover(path) }
            #expect(error?.code == .damaged)
            #expect(FilePaths.exists("\(path)/journal"))
            #expect(try RunChain.read(in: folder.path).count == 0)
        }
    }

    @Test(
        "A line that no playbook has costs neither time nor psrun",
        arguments: ["line 9223372036854775807", "line 4611686018427387904", "line 3"]
    )
    func aLineThatNoPlaybookHas(marker: String) throws {
        let folder = try TemporaryFolder()
        var records = Self.beginning(SampleRun.description(targets: ["a"]))
        let header = SampleRun.header("a").journalPayload
        records.append(JournalRecord(entry: 0, time: .max, kind: .begin, payload: header[...]))
        for (code, text) in [(RecordedCode.marker, marker), (.input, "one\ntwo"), (.output, "x")] {
            records.append(JournalRecord(entry: 0, time: .max, kind: .event(code), payload: Array(text.utf8)[...]))
        }
        let path = try Self.killed(in: folder, records)
        let took = try ContinuousClock().measure { _ = try RunRecovery.recover(path) }
        #expect(took < .seconds(5))
        #expect(try SealedRecording(folder: path).entries.count == 1)
    }

    @Test("A run that the chain seals gets no second line, whatever journal was put back")
    func aJournalThatWasPutBack() async throws {
        let folder = try TemporaryFolder()
        var left = try CrashingRun("leave", folder.path)
        try await left.end()
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        let journal = try contents(of: "\(run.folder)/journal")
        _ = try RunRecovery.recover(run.folder)
        for name in ["manifest.json", "run.tar.zst"] { unlink("\(run.folder)/\(name)") }
        try folder.write(journal, to: "\(run.name)/journal")
        let error = #expect(throws: RecordingError.self) { try RunRecovery.recover(run.folder) }
        #expect(error?.message.contains("a second one would break it") == true, "\(error?.message ?? "")")
        #expect(try RunChain.read(in: folder.path).count == 1)
        #expect(try contents(of: "\(run.folder)/journal") == journal)
    }

    @Test("Many that recover the same run at once recover it once")
    func manyRecoverAtOnce() async throws {
        for _ in 0..<6 {
            let folder = try TemporaryFolder()
            var left = try CrashingRun("leave", folder.path)
            try await left.end()
            let run = try #require(try RunStore(folder: folder.path).runs().first)
            var recoveries = try (0..<4).map { _ in try CrashingRun("recover", run.folder) }
            for index in recoveries.indices {
                try await recoveries[index].end()
                let line = recoveries[index].lines.first ?? ""
                #expect(line == "recovered" || line.contains("RunStillRunning"), "\(line)")
            }
            let chain = try RunChain.read(in: folder.path)
            #expect(chain.faults.isEmpty && chain.count == 1)
            #expect(try FilePaths.names(in: run.folder) == ["manifest.json", "run.tar.zst"])
        }
    }

    @Test("A run that is being made, or sealed, is never one that was killed")
    func aLivingRunIsNotAKilledOne() async throws {
        let folder = try TemporaryFolder()
        var runs = try (0..<8).map { try CrashingRun("record", folder.path, "2", "3", "00000\($0)") }
        var killed: [String] = []
        for _ in 0..<2_000 {
            for run in try RunStore(folder: folder.path).runsAndTombstones() {
                switch run.state {
                case .running, .sealed: continue
                default: killed.append("\(run.name): \(run.state)")
                }
            }
            if try RunChain.sealedRuns(in: folder.path).count == runs.count { break }
        }
        for index in runs.indices { try await runs[index].end() }
        #expect(killed.isEmpty, "\(killed.prefix(5))")
    }

    @Test("Each target has one entry whatever a journal says")
    func eachTargetHasOneEntryWhateverAJournalSays() throws {
        let folder = try TemporaryFolder()
        let header = SampleRun.header("a").journalPayload
        var records = Self.beginning(SampleRun.description(targets: ["a", "b"]))
        for entry in [0, 0, 7, 0x7FFF_FFFF] {
            records.append(JournalRecord(entry: entry, time: 0, kind: .begin, payload: header[...]))
            records.append(JournalRecord(entry: entry, time: 0, kind: .finish, payload: []))
        }
        let path = try Self.killed(in: folder, records)
        #expect(try RunRecovery.recover(path).manifest.entries == 2)
        #expect(try SealedRecording(folder: path).entries.map(\.name) == ["00001-a.cast", "00002-b.cast"])
    }

    /// What a recovered run says of each line of a playbook, as `line 3: unknown`, behind these events of its session.
    private static func outcomes(_ playbook: String, _ events: [(RecordedCode, String)]?) throws -> [String] {
        let folder = try TemporaryFolder()
        var records = beginning(SampleRun.description(targets: ["a"], playbook: playbook))
        if let events {
            let header = SampleRun.header("a").journalPayload
            records.append(JournalRecord(entry: 0, time: 0, kind: .begin, payload: header[...]))
            records += events.enumerated().map { index, event in
                JournalRecord(entry: 0, time: UInt64(index), kind: .event(event.0), payload: Array(event.1.utf8)[...])
            }
        }
        let path = try killed(in: folder, records)
        _ = try RunRecovery.recover(path)
        let recording = try SealedRecording(folder: path)
        let results = try recording.events(of: try #require(recording.entries.first)).filter { $0.code == .step }
        return try results.map { event in
            let record = try #require(StepRecord(parsing: event.data.utf8))
            return "\(record.title ?? "no line"): \(record.outcome?.rawValue ?? "") \(record.text ?? "")"
        }
    }

    private static func ended(_ line: Int, _ text: String) -> (RecordedCode, String) {
        let record = StepRecord(
            firstLine: line,
            lastLine: line,
            text: text,
            outcome: .ok,
            succeeded: true,
            lastExitCode: nil,
            startedMicroseconds: 1,
            durationMicroseconds: 1
        )
        return (.step, String(decoding: record.encoded, as: UTF8.self))
    }

    private static let opened: (RecordedCode, String) = (.connection, "open, protocol 2.4")

    @Test("What was in flight at a kill is unknown, and what was not sent says so")
    func linesInFlight() throws {
        let playbook = "'a'\n'b'\n\nsleep 60\n'd'\n"
        let two: [(RecordedCode, String)] = [
            Self.opened, (.marker, "line 1"), (.input, "'a'"), Self.ended(1, "'a'"), (.marker, "line 2"),
            (.input, "'b'"),
            Self.ended(2, "'b'"),
        ]
        let known = ["line 1: ok 'a'", "line 2: ok 'b'"]
        let third = two + [(.marker, "line 4"), (.output, "PS> "), (.input, "sleep 60"), (.output, "half")]
        #expect(try Self.outcomes(playbook, third) == known + ["line 4: unknown sleep 60", "line 5: not_sent 'd'"])
        // Its beginning may not have reached the disk.
        #expect(try Self.outcomes(playbook, two) == known + ["line 4: unknown sleep 60", "line 5: not_sent 'd'"])
        #expect(try Self.outcomes(playbook, two + [(.marker, "line 4")]).suffix(2).first == "line 4: unknown sleep 60")
    }

    @Test("A block in flight is unknown as a whole, its comment and its profile's line included")
    func blocksInFlight() throws {
        let playbook = "# help\nfunction f {\n  1\n}\nf\n"
        let block: [(RecordedCode, String)] = [Self.opened, (.marker, "line 2")]
        let rest = "line 5: not_sent f"
        let sent = "# help\nfunction f {\n  1\n}"
        #expect(
            try Self.outcomes(playbook, block + [(.input, "# help\nfunction f {"), (.input, "  1\n}")])
                == ["lines 2 to 4: unknown \(sent)", rest]
        )
        #expect(
            try Self.outcomes(playbook, block + [(.input, "function f {\n  1\n}")])
                == ["lines 2 to 4: unknown function f {\n  1\n}", rest]
        )
        #expect(
            try Self.outcomes("1\n", [Self.opened, (.marker, "profile"), (.input, ". '/p.ps1'")])
                == ["profile: unknown . '/p.ps1'", "line 1: not_sent 1"]
        )
    }

    @Test("Of a session that was not open nothing was sent, nor of a target that had not begun")
    func nothingSent() throws {
        let all = ["line 1: not_sent 1", "line 2: not_sent 2"]
        #expect(try Self.outcomes("1\n2\n", nil) == all)
        #expect(try Self.outcomes("1\n2\n", []) == all)
        #expect(try Self.outcomes("1\n2\n", [(.connection, "tcp 20 us")]) == all)
        #expect(try Self.outcomes("1\n2\n", [Self.opened]) == ["line 1: unknown 1", "line 2: not_sent 2"])
        #expect(
            try Self.outcomes("\n# c\n\n1\n2\n", [Self.opened])
                == ["lines 2 to 4: unknown # c\n\n1", "line 5: not_sent 2"]
        )
        // A comment alone is not sent, and so is not told of.
        #expect(
            try Self.outcomes("1\n<#\nc\n#>\n2\n# end\n", [Self.opened])
                == ["line 1: unknown 1", "line 5: not_sent 2"]
        )
        // A playbook that cannot be read any more, and results that are not psrun's, say nothing.
        #expect(try Self.outcomes("\u{0}", []).isEmpty)
        #expect(try Self.outcomes("1\n", [(.step, "{\"step\":1}")]) == ["no line:  "])
    }

    @Test("A damaged journal is said to be damaged, and is kept")
    func aDamagedJournalIsSaidToBeAndKept() async throws {
        let folder = try TemporaryFolder()
        var left = try CrashingRun("leave", folder.path)
        try await left.end()
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        var journal = try contents(of: "\(run.folder)/journal")
        journal[journal.count * 2 / 3] ^= 1
        try folder.write(journal, to: "\(run.name)/journal")
        let recovered = try RunRecovery.recover(run.folder)
        #expect(recovered.isDamaged && recovered.droppedBytes > 0)
        #expect(try contents(of: "\(run.folder)/\(RunRecovery.damagedJournal)") == journal)
        #expect(!FilePaths.exists("\(run.folder)/journal"))
    }

    @Test("A run that is still going on is not recovered")
    func aLiveRunIsNotRecovered() async throws {
        let folder = try TemporaryFolder()
        let description = SampleRun.description(targets: ["host"])
        let recorder = try await RunRecorder.create(in: folder.path, run: description, suffix: "abcdef")
        let error = #expect(throws: RecordingError.self) { try RunRecovery.recover(recorder.folder) }
        #expect(error?.code == .running)
        #expect(RecordedRun(folder: recorder.folder).state == .running(description))
        _ = try await recorder.seal(exitCode: 0)
        #expect(try RunRecovery.recover(recorder.folder).wasSealed)
    }

    @Test("What was unfinished says so after its recovery")
    func whatWasUnfinishedSaysSo() async throws {
        let folder = try TemporaryFolder()
        var left = try CrashingRun("leave", folder.path)
        try await left.end()
        let run = try #require(try RunStore(folder: folder.path).runs().first)
        guard case .killed(let description?) = run.state else {
            Issue.record("\(run.state)")
            return
        }
        #expect(description.targets == ["host0", "host1", "host2"])
        #expect(description.playbookName == "crash.ps1")

        let recovered = try RunRecovery.recover(run.folder)
        #expect(recovered.manifest.entries == 3)
        #expect(recovered.manifest.exitCode == nil)
        #expect(recovered.manifest.outcomes == ["ok": 1, "broken": 1, "not_run": 1])
        #expect(RecordedRun(folder: run.folder).state == .sealed(recovered.manifest))
        let recording = try SealedRecording(folder: run.folder)
        let ends = try recording.entries.map { try recording.events(of: $0).first { $0.code == .exit }?.data ?? "" }
        #expect(!ends[0].contains("truncated"))
        #expect(ends[1].contains("\"truncated\":true") && ends[1].contains("host1"))
        #expect(ends[2].contains("\"outcome\":\"not_run\""))
    }
}
