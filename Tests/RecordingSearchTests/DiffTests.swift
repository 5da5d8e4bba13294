import Foundation
import PSRunTestSupport
import Patterns
import Recording
import RecordingFormat
import RecordingSearch
import Testing

@Suite struct DiffTests {
    private static func digest(_ run: SearchedRun, masks: OutputMasks = OutputMasks()) throws -> RunDigest {
        let opened = ArchiveSearch.open([run.folder], threads: 2) { _ in true }
        return RunDigest(of: try opened[0].get(), masks: masks, threads: 2)
    }

    private static func classes(_ run: SearchedRun, masks: OutputMasks = OutputMasks()) throws -> [OutputClass] {
        try RunClasses(of: digest(run, masks: masks), threads: 2).classes
    }

    /// Whether two hosts' consoles are taken for equal.
    private static func areAlike(_ first: String, _ second: String, masks: OutputMasks = OutputMasks()) async throws
        -> Bool
    {
        let run = try await SearchedRun([
            ("web01", SearchedRun.shown([first + "\r\n"])), ("web02", SearchedRun.shown([second + "\r\n"])),
        ])
        return try classes(run, masks: masks).count == 1
    }

    @Test(
        "What differs from day to day is masked",
        arguments: [
            ("at 2026-11-22T02:00:00Z", "at 2026-11-23T02:00:07.123+01:00"), ("2026-11-22", "2025-01-01"),
            ("2026/11/22 02:00", "2026/11/23 03:14:15"), ("11/22/2026 2:00:00 AM", "1/2/2026 11:59:59 PM"),
            ("22.11.2026", "3.1.2026"), ("Sun Nov 22 02:00:00 UTC 2026", "Mon Nov  2 12:34:56 CET 2026"),
            ("Nov 22 02:00:01 kernel", "Dec  1 23:59:59 kernel"),
            ("Sun, 22 Nov 2026 02:00:00 +0000", "Mon, 23 Nov 2026 02:00:09 GMT"),
            ("up since 02:00", "up since 14:59:01"), ("took 12 ms", "took 7.5 s"), ("in 2 minutes", "in 59 minutes"),
            ("after 1h2m3s", "after 12m 9s"), ("took 350µs", "took 12ns"),
            ("id 01234567-89ab-cdef-0123-456789abcdef", "id FEDCBA98-7654-3210-FEDC-BA9876543210"),
            ("container 3fa91c0d22ab", "container 00ff00ff00f1"), ("at 0x7ffd0123", "at 0x55aa9900ff"),
            ("from 10.0.0.1:2222", "from 192.168.178.22:50122"), ("net 10.0.0.0/8", "net 172.16.0.0/12"),
            ("from fe80::1%eth0", "from 2001:db8::42"), ("via 2001:db8:0:0:0:0:0:1", "via 2001:db8:0:0:0:0:0:9"),
            ("mac 52:54:00:12:34:56", "mac 02-00-5e-10-00-00"), ("sshd[123]: ok", "sshd[45678]: ok"),
            ("pid 17 ended", "pid 4711 ended"), ("Process Id: 5", "Process Id: 666"),
            ("this is web01", "this is web02"), ("[web01]: PS> x", "[web02]: PS> x"),
        ]
    )
    func whatDiffersFromDayToDayIsMasked(first: String, second: String) async throws {
        #expect(try await Self.areAlike(first, second))
        #expect(try await !Self.areAlike(first, second, masks: OutputMasks(usual: false)))
    }

    @Test(
        "What tells of the host is not masked",
        arguments: [
            ("42% used", "43% used"), ("version 1.2.3", "version 1.2.4"), ("Running", "Stopped"),
            ("port 22", "port 2222"),
            ("uid=1000", "uid=0"), ("web01x", "web02x"), ("512m of memory", "256m of memory"),
            (
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  /etc/passwd",
                "d2b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  /etc/passwd"
            ),
            ("[Math]::Abs(1)", "[Math]::Abs(2)"), ("error 0x5", "error 0x6"), ("1:1 mapping of a", "1:1 mapping of b"),
        ]
    )
    func whatTellsOfTheHostIsNot(first: String, second: String) async throws {
        #expect(try await !Self.areAlike(first, second))
    }

    @Test("Masks of the user's own are added")
    func ownMasksAreAdded() async throws {
        let masks = OutputMasks(own: [OutputMasks.Own(name: "use", pattern: try Pattern(#"(?<=used )\d+%"#))])
        #expect(try await Self.areAlike("used 42% at 02:00", "used 7% at 03:00", masks: masks))
        #expect(try await !Self.areAlike("used 42% of sda", "used 7% of sdb", masks: masks))
    }

    @Test("Targets with equal output are one class")
    func targetsAreSortedIntoClasses() async throws {
        func shown(_ state: String) -> [RecordedEvent] {
            SearchedRun.shown(["one\r\n", "two\r\n", "cron is \(state)", "\r\nfour\r\nfive\r\nsix\r\nseven\r\n"])
        }
        var targets = (1...40).map { ("web\($0)", shown("\u{1b}[32mrunning\u{1b}[0m")) }
        targets[4].1 = shown("dead")
        targets[20].1 = shown("dead")
        targets[33].1 = []
        let classes = try Self.classes(try await SearchedRun(targets))
        #expect(classes.map(\.targets.count) == [37, 2, 1])
        #expect(classes.map(\.example) == ["web1", "web5", "web34"])
        #expect(classes[0].difference == nil)
        #expect(classes[1].targets == ["web5", "web21"])
        #expect(
            classes[1].difference?.lines
                == [
                    "@@ -1,6 +1,6 @@", " one", " two", "-cron is running", "+cron is dead", " four", " five", " six",
                ]
        )
        #expect(classes[2].difference?.lines.first == "@@ -1,7 +0,0 @@")
    }

    @Test("Two nights are compared target by target")
    func twoNightsAreCompared() async throws {
        func ended(_ outcome: String) -> RecordedEvent {
            RecordedEvent(time: 9, code: .exit, data: "{\"outcome\":\"\(outcome)\"}")
        }
        func night(_ hour: String, _ changes: [String: String], _ names: [String]) async throws -> RunDigest {
            try Self.digest(
                try await SearchedRun(
                    names.map { name in
                        let state = changes[name] ?? "fine"
                        let lines = ["it is \(hour)\r\n", "on \(name)\r\n", "it is \(state)\r\n"]
                        return (name, SearchedRun.shown(lines) + [ended(state == "gone" ? "unreachable" : "ok")])
                    }
                )
            )
        }
        let old = try await night("02:00", ["web3": "old"], ["web1", "web2", "web3", "web4", "web5", "left"])
        let new = try await night(
            "02:01",
            ["web2": "full", "web4": "full", "web3": "old", "web5": "gone"],
            ["web1", "web2", "web3", "web4", "web5", "came"]
        )
        let comparison = try RunComparison(from: old, to: new, threads: 2)
        #expect(comparison.unchanged == 2)
        #expect(comparison.appeared == ["came"])
        #expect(comparison.vanished == ["left"])
        #expect(comparison.changes.map(\.targets) == [["web2", "web4"], ["web5"]])
        #expect(
            comparison.changes[0].difference.lines
                == ["@@ -1,3 +1,3 @@", " it is <time>", " on <host>", "-it is fine", "+it is full"]
        )
        #expect(comparison.outcomes.map(\.targets) == [["web5"]])
        #expect(comparison.outcomes.map(\.to) == ["unreachable"])
        #expect(!comparison.isEqual)
        #expect(try RunComparison(from: old, to: old, threads: 2).isEqual)
    }

    @Test("A difference is one that patch can apply", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func aDifferenceIsOneThatPatchTakes(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        func lines() -> [String] {
            (0..<Int.random(in: 0..<60, using: &random)).map { _ in "line \(Int.random(in: 0..<9, using: &random))" }
        }
        let old = lines()
        let new = lines()
        let run = try await SearchedRun([
            ("web1", SearchedRun.shown(old.map { $0 + "\r\n" })), ("web2", SearchedRun.shown(old.map { $0 + "\r\n" })),
            ("web3", SearchedRun.shown(new.map { $0 + "\r\n" })),
        ])
        let classes = try Self.classes(run)
        guard old != new else { return }
        let difference = try #require(classes.last?.difference)
        let folder = try TemporaryFolder()
        try (old.joined(separator: "\n") + (old.isEmpty ? "" : "\n")).write(
            toFile: folder.path + "/text",
            atomically: true,
            encoding: .utf8
        )
        let patch = (["--- text", "+++ text"] + difference.lines).joined(separator: "\n") + "\n"
        try patch.write(toFile: folder.path + "/patch", atomically: true, encoding: .utf8)
        let result = try await ChildProgram.run(["/usr/bin/patch", "-s", folder.path + "/text", folder.path + "/patch"])
        #expect(result.ending == .exited(0), "\(result)")
        let patched = try String(contentsOfFile: folder.path + "/text", encoding: .utf8)
        #expect(patched == new.map { $0 + "\n" }.joined())
    }
}
