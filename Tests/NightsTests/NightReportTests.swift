import Nights
import Testing

struct NightReportTests {
    static let lastGood = PastNight(
        run: "20261129T013000Z-nightly-3fa91c",
        playbook: "nightly.ps1",
        playbookHash: "ab",
        startedSeconds: 1_795_915_800,
        exitCode: 0,
        targets: 64
    )

    /// A report of 64 targets.
    static func report(
        exitCode: Int32 = 1,
        signal: String? = nil,
        _ notWell: [NightTarget] = [],
        words: [String] = [],
        baseline: NightBaseline = .none
    ) -> NightReport {
        var log = NightLog()
        for (index, target) in notWell.enumerated() { log.add(outcome: "error", notWell: target, at: index) }
        for index in notWell.count..<max(64, notWell.count) { log.add(outcome: "ok", notWell: nil, at: index) }
        for word in words { log.add(word: word) }
        return NightReport(
            playbook: "nightly.ps1",
            host: "ops",
            exitCode: exitCode,
            signal: signal,
            targets: max(64, notWell.count),
            started: "2026-11-30T01:30:00Z",
            took: "41 s",
            recording: "/r/20261130T013000Z-nightly-aa11bb",
            log: log,
            baseline: baseline
        )
    }

    static func failing(
        _ name: String,
        _ reason: String = "line 18 (check /srv): error, exit code 1: disk /srv is at 93%"
    ) -> NightTarget {
        NightTarget(name: name, ending: "error", reasons: [reason])
    }

    @Test("A night on which all was well says nothing, whatever was worth a remark")
    func silent() {
        #expect(Self.report(exitCode: 0).text == nil)
        #expect(Self.report(exitCode: 0, words: ["a word"]).text == nil)
    }

    @Test("A report tells which hosts, line and code, what is different, and where the recording is")
    func whole() {
        let difference = NightDifference(
            endings: [.init(from: "ok", to: "error", targets: ["web03", "web07"])],
            changes: [.init(targets: ["web03", "web07"], lines: ["-disk /srv is at 71%", "+disk /srv is at 93%"])],
            unchanged: 62
        )
        let report = Self.report(
            [Self.failing("web03"), Self.failing("web07")],
            baseline: .found(Self.lastGood, between: 1, difference)
        )
        #expect(
            report.text == """
                psrun: nightly.ps1: 2 of 64 targets not well, exit code 1
                From ops, began 2026-11-30T01:30:00Z, took 41 s: 2 error, 62 ok

                web[03,07]: error: line 18 (check /srv): error, exit code 1: disk /srv is at 93%

                Different from the last good night, 20261129T013000Z-nightly-3fa91c, with 1 run between:
                  ended error instead of ok: web[03,07]
                  showed something else: web[03,07]
                    -disk /srv is at 71%
                    +disk /srv is at 93%
                  the same as then: 62 targets

                Recording: /r/20261130T013000Z-nightly-aa11bb
                Next: psrun show /r/20261130T013000Z-nightly-aa11bb
                      psrun diff /r/20261129T013000Z-nightly-3fa91c /r/20261130T013000Z-nightly-aa11bb

                """
        )
    }

    @Test("A thousand hosts with a thousand reasons and as many changes are forty lines, with every part of a report")
    func bounded() throws {
        let targets = (0..<1_000).map { Self.failing("db\($0)", "line \($0): error\nmore of it") }
        let difference = NightDifference(
            endings: [.init(from: "ok", to: "error", targets: targets.map(\.name))],
            changes: targets.map { .init(targets: [$0.name], lines: (0..<50).map { "+line \($0)" }) },
            unchanged: 0
        )
        let report = Self.report(
            targets,
            words: (0..<100).map { "word \($0)" },
            baseline: .found(Self.lastGood, between: 0, difference)
        )
        let text = try #require(report.text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count == NightReport.mostLines)
        #expect(lines.allSatisfy { $0.count <= 998 })
        for part in [
            "db0: error", "more reasons, of 987 targets: db[", "word 0", "more words like these", "Recording: /r/",
            "showed something else",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("Every host that is not well is named, also where its reason is left out")
    func nobodyIsLost() throws {
        let targets = (1...100).map { Self.failing("web\($0)", "line \($0): error") }
        let text = try #require(Self.report(targets).text)
        let named = text.split(separator: "\n").compactMap { $0.firstMatch(of: /^web(\d+): error/)?.output.1 }
        let rest = try #require(text.firstMatch(of: /of (\d+) targets: web\[(\d+)-100\]/))
        #expect(named.count + (Int(rest.output.1) ?? 0) == 100)
        #expect(Int(rest.output.2) == named.count + 1)
    }

    @Test("What a far side says is one line, without control sequences, and cannot pass for a line of psrun's own")
    func hostile() throws {
        let reason = "line 1: error: a\r\nRecording: /evil\u{1B}[2J\u{202E}x"
        let text = try #require(Self.report([Self.failing("web1", reason)]).text)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("Recording: /evil") })
    }

    @Test("A run that a signal ended says by which, and how many targets it had not begun")
    func signalled() throws {
        var report = Self.report(exitCode: 143, signal: "SIGTERM", [Self.failing("web1")])
        report.targets = 100
        let text = try #require(report.text)
        #expect(text.hasPrefix("psrun: nightly.ps1: 37 of 100 targets not well, exit code 143, ended by SIGTERM\n"))
        #expect(text.contains("1 error, 63 ok, 36 not begun"))
    }

    @Test(
        "A report says why there is no comparison",
        arguments: [
            (NightBaseline.none, "There is no earlier night"),
            (.notCompared("a signal ended the run"), "Not compared with an earlier night: a signal ended the run"),
            (.unreadable(run: "r1", why: "damaged"), "Not compared with r1, the last good night: damaged"),
        ]
    )
    func noComparison(_ baseline: NightBaseline, _ words: String) throws {
        #expect(try #require(Self.report([Self.failing("a")], baseline: baseline).text).contains(words))
    }

    @Test("What changed on targets that are not well comes first, and another playbook is said to be one")
    func changesInOrder() throws {
        let difference = NightDifference(
            endings: [],
            changes: [
                .init(targets: ["a", "b"], lines: ["+up 3 days"]), .init(targets: ["c"], lines: ["+disk is full"]),
            ],
            unchanged: 0,
            isSamePlaybook: false
        )
        let text = try #require(
            Self.report([Self.failing("c")], baseline: .found(Self.lastGood, between: 0, difference)).text
        )
        let places = try ["+disk is full", "+up 3 days"].map { try #require(text.firstRange(of: $0)) }
        #expect(places[0].lowerBound < places[1].lowerBound)
        #expect(text.contains("20261129T013000Z-nightly-3fa91c, whose playbook was another:"))
    }

    @Test("A word on a target that is told of already is not told again")
    func wordsOnce() throws {
        let text = try #require(
            Self.report([Self.failing("web1")], words: ["web1: line 18: error", "the disk is full"]).text
        )
        #expect(!text.contains("web1: line 18: error"))
        #expect(text.contains("\nthe disk is full\n"))
    }

    @Test("Targets that failed alike are one line, whatever their names and addresses in it are")
    func alike() throws {
        func target(_ name: String, _ address: String) -> NightTarget {
            let reason = "in phase tcp: cannot connect to port 22 (\(address): Connection refused). \(name) is down."
            return NightTarget(name: name, ending: "unreachable", code: "ConnectionFailed", reasons: [reason])
        }
        let text = try #require(
            Self.report(exitCode: 4, [target("db01", "10.0.0.5"), target("db02", "10.0.0.6")]).text
        )
        #expect(
            text.contains(
                "\ndb[01-02]: unreachable (ConnectionFailed): in phase tcp: cannot connect to port 22 "
                    + "(<address>: Connection refused). <host> is down.\n"
            )
        )
        let one = try #require(Self.report(exitCode: 4, [target("db01", "10.0.0.5")]).text)
        #expect(one.contains("(10.0.0.5: Connection refused). db01 is down."))
    }

    @Test(
        "A target's names are its name, its host, and that without its domain; what only looks so stays",
        arguments: [
            ("web1.example.org", "web1 web1.example.org: web10, web1-x", "<host> <host>: web10, web1-x"),
            ("op@web1:2222", "op@web1:2222, web1 (web1:22)", "<host>, <host> (web1:22)"),
            ("op@[fe80::1%eth0]:22", "[fe80::1%eth0]:22 fe80::2: 10.0.0.1:22.", "<address> <address>: <address>."),
            (
                "10.0.0.7", "10.0.0.7 is 10.0.0.8 and not 1.2.3 or 1.2.3.256, line 3: 12:30:00",
                "<host> is <address> and not 1.2.3 or 1.2.3.256, line 3: 12:30:00"
            ),
        ]
    )
    func ownNames(_ target: String, _ text: String, _ masked: String) {
        #expect(OwnNames(of: target).masked(text) == masked)
    }

    @Test("A run without a recording says so")
    func notRecorded() throws {
        var report = Self.report([], words: ["the recordings folder cannot be written"], baseline: .notRecorded)
        (report.recording, report.exitCode) = (nil, 3)
        let text = try #require(report.text)
        #expect(text.hasSuffix("Recording: none\n"))
        #expect(text.contains("the recordings folder cannot be written"))
    }

    @Test("The code of the error and the target's own name are told once")
    func codes() throws {
        let target = NightTarget(
            name: "db01",
            ending: "unreachable, 3 lines not sent",
            code: "ConnectionFailed",
            reasons: ["db01: in phase tcp: cannot connect to port 22"]
        )
        let text = try #require(Self.report(exitCode: 4, [target]).text)
        #expect(
            text.contains(
                "\ndb01: unreachable, 3 lines not sent (ConnectionFailed): in phase tcp: cannot connect to port 22\n"
            )
        )
    }
}
