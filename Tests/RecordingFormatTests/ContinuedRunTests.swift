import RecordingFormat
import Testing

/// What a recording holds so that its run can be continued, and of which run it is the continuation.
struct ContinuedRunTests {
    private static let hash = String(repeating: "ab", count: 32)
    private static let earlier = "20261129T020000Z-night-00000a"
    private static let earliest = "20261128T020000Z-night-00000b"

    private static func description(_ starts: [TargetStart]) -> RunDescription {
        RunDescription(
            playbookName: "night.ps1",
            playbookBytes: [],
            startedSeconds: 1_795_312_800,
            psrunVersion: "0",
            targets: starts.indices.map { "host\($0)" },
            options: RecordedOptions(
                way: .ssh,
                arguments: ["--fanout=8"],
                withheld: ["redact"],
                playbook: "/p/night.ps1"
            ),
            places: [
                1: RecordedPlace(address: "10.0.0.1", port: 22, user: nil, keyFile: nil, label: "a", computerName: "b")
            ],
            continued: ContinuedRun(run: PreviousRun(run: earlier, manifestHash: hash), starts: starts)
        )
    }

    @Test("A journal's description tells where each target begins, and reads back to the same")
    func journal() {
        var doubtful = TargetStart(ran: [.init(through: 3, run: Self.earliest), .init(through: 9, run: Self.earlier)])
        doubtful.doubt = .init(10...12, run: Self.earlier)
        var repeated = doubtful
        repeated.repeatsDoubt = true
        let description = Self.description([.beginning, doubtful, repeated])
        let read = RunDescription(journalPayload: description.journalPayload, playbookBytes: [])
        #expect(read == description)
        #expect(read?.start(ofEntry: 1) == doubtful && read?.start(ofEntry: 7) == .beginning)
        #expect(read?.continued?.starts[1].run(ofLine: 4) == Self.earlier)
    }

    @Test("A description whose starts cannot be read is not one: what ran would run twice")
    func damaged() throws {
        let good = Self.description([TargetStart(ran: [.init(through: 3, run: Self.earlier)]), .beginning])
        let text = String(decoding: good.journalPayload, as: UTF8.self)
        for (part, other) in [
            ("[[3,0]]", "[[3,1]]"), ("[[3,0]]", "[[0,0]]"), ("[[3,0]]", "[[3]]"), ("[[3,0]]", "[[3,\"x\"]]"),
            ("{\"ran\":[[3,0]]},{}", "{\"ran\":[[3,0]]}"), (Self.hash, "ab"), ("\"starts\"", "\"stars\""),
        ] {
            let bad = text.replacing(part, with: other)
            try #require(bad != text, "\(part)")
            #expect(RunDescription(journalPayload: Array(bad.utf8), playbookBytes: []) == nil, "\(bad)")
        }
    }

    @Test("A manifest has options and the continued run behind all that it had, and lacks them where there are none")
    func manifest() throws {
        var manifest = Manifest(
            run: "20261130T020000Z-night-000001",
            playbookName: "night.ps1",
            playbookHash: Self.hash,
            psrunVersion: "0",
            startedSeconds: 1_795_312_800,
            endedSeconds: 1_795_312_900,
            durationMicroseconds: 1,
            exitCode: 0,
            recovered: false,
            entries: 1,
            outcomes: ["ok": 1],
            archiveBytes: 1,
            archiveHash: Self.hash,
            indexHash: Self.hash,
            sumsHash: Self.hash,
            merkleRoot: Self.hash,
            journalHead: Self.hash
        )
        let before = String(decoding: manifest.encoded, as: UTF8.self)
        #expect(before.hasSuffix("\"retain_until\": null\n}\n"))
        manifest.options = RecordedOptions(way: .local, arguments: ["--step-timeout=5m"], withheld: [], playbook: nil)
        manifest.continued = PreviousRun(run: Self.earlier, manifestHash: Self.hash)
        let read = try #require(Manifest(manifest.encoded))
        #expect(read == manifest && read.options?.arguments == ["--step-timeout=5m"] && read.options?.way == .local)
        #expect(String(decoding: manifest.encoded, as: UTF8.self).hasPrefix(before.dropLast(3)))
        let forged = String(decoding: manifest.encoded, as: UTF8.self).replacing(Self.earlier, with: "../x")
        #expect(Manifest(Array(forged.utf8)) == nil)
    }

    @Test("A step of an earlier run says so, and is not one that was left out")
    func steps() {
        func step(_ outcome: RecordedOutcome, _ earlier: String?) -> StepRecord {
            StepRecord(
                firstLine: 1,
                lastLine: 1,
                text: "",
                outcome: outcome,
                succeeded: nil,
                lastExitCode: nil,
                earlierRun: earlier,
                startedMicroseconds: nil,
                durationMicroseconds: nil
            )
        }
        #expect(step(.notSent, "R1").remark == "ran in R1" && !step(.notSent, "R1").isLeftOut)
        #expect(step(.unknown, "R1").remark == "may have run in R1")
        #expect(step(.notSent, nil).remark == nil && step(.notSent, nil).isLeftOut)
        #expect(step(.notSent, nil).json[.earlierRun] == nil)
    }
}
