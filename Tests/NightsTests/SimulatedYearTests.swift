import Nights
import Schedules
import Testing

/// A year of nights by a clock of its own: 2027 in Berlin, where clocks change twice.
struct SimulatedYearTests {
    private static let newYear: Int64 = 1_798_761_600
    private static let (spring, autumn): (Int64, Int64) = (1_806_195_600, 1_824_944_400)
    private static let hosts = (1...12).map { "web\($0 < 10 ? "0" : "")\($0)" }

    private static func offset(_ moment: Int64) -> Int64 { moment >= spring && moment < autumn ? 7_200 : 3_600 }

    /// What goes wrong, by the number of the night, from 0.
    private enum Fault {
        case line(host: String), unreachable(host: String)
        /// It goes on until the next night.
        case long
    }

    /// Both nights of a change of clock are among them.
    private static let faults: [Int: Fault] = [
        3: .line(host: "web03"), 4: .line(host: "web03"), 40: .unreachable(host: "web12"), 86: .line(host: "web01"),
        120: .long, 200: .unreachable(host: "web07"), 303: .line(host: "web09"), 364: .line(host: "web05"),
    ]

    /// When a timer of systemd's begins: each day at a local time; a day that does not have it is skipped, and of two the
    /// first counts (seen with systemd-analyze calendar).
    private static func beginnings(at minutes: Int) -> [Int64] {
        (0..<365).compactMap { day in
            let local = newYear + Int64(day) * 86_400 + Int64(minutes) * 60
            return [local - 7_200, local - 3_600].first { $0 + offset($0) == local }
        }
    }

    @Test("A timer at the wanted time would lose the night in spring; moved, it has all 365")
    func everyNight() throws {
        let skips = ClockSkip.find(from: Self.newYear, through: Self.newYear + 365 * 86_400, offset: Self.offset)
        let wanted = try #require(DayTime("02:30"))
        #expect(Self.beginnings(at: wanted.minutes).count == 364)
        guard case .daily(let moved) = Rhythm.daily(wanted).avoiding(skips, catchesUp: false).rhythm else {
            Issue.record("a daily rhythm stays one")
            return
        }
        #expect(Self.beginnings(at: moved.minutes).count == 365)
    }

    @Test("A year of nights mails on the nights that have a fault, names its host, and is silent on the others")
    func year() throws {
        var year = Year()
        var mails: [Int: String] = [:]
        for (number, moment) in Self.beginnings(at: 180).enumerated() {
            mails[number] = year.night(number, at: moment, Self.faults[number])
        }
        // The night behind the long one finds the lock held.
        #expect(Set(mails.keys) == Set(Self.faults.keys).union([121]))
        for (number, fault) in Self.faults {
            let mail = try #require(mails[number])
            #expect(mail.split(separator: "\n").count <= NightReport.mostLines)
            switch fault {
            case .line(let host): #expect(mail.contains("\n\(host): error: line 18: error, exit code 1: full\n"))
            case .unreachable(let host): #expect(mail.contains("\n\(host): unreachable (ConnectionFailed)"))
            case .long: #expect(mail.contains("web01: timed_out"))
            }
            #expect(mail.contains("Recording: /r/night\(number)\n"))
        }
        #expect(try #require(mails[3]).contains("the last good night, night2:"))
        #expect(try #require(mails[4]).contains("the last good night, night2, with 1 run between:"))
        #expect(try #require(mails[86]).contains("the last good night, night85:"))
        #expect(try #require(mails[121]).contains("another run of it on these targets goes on"))
        #expect(Set(year.delays).count == 1, "a host waits as long every night")
        #expect(year.nights.count == 364, "the night that found the lock held has left no recording")
    }

    /// The folder of recordings, and the lock.
    private struct Year {
        var nights: [PastNight] = []
        var outputs: [String: [String: String]] = [:]
        var holder: NightLock.Holder?
        var freeAt: Int64 = 0
        var delays: [Duration] = []

        /// - Returns: what is mailed.
        mutating func night(_ number: Int, at moment: Int64, _ fault: Fault?) -> String? {
            let delay = Splay.delay(within: .seconds(1_800), host: "ops", playbook: "nightly.ps1")
            delays.append(delay)
            let start = moment + delay.components.seconds
            guard freeAt <= start else { return NightLock.message(playbook: "nightly.ps1", holder: holder, now: start) }
            holder = NightLock.Holder(process: Int32(number + 100), sinceSeconds: start)
            let isLong = if case .long = fault { true } else { false }
            freeAt = start + (isLong ? 90_000 : 40)
            var (log, shown, endings) = (NightLog(), [String: String](), [String: String]())
            for (index, host) in hosts.enumerated() {
                let target = Self.target(host, fault)
                endings[host] = target?.outcome ?? "ok"
                shown[host] = target.map { _ in "full" } ?? "half"
                log.add(outcome: target?.outcome ?? "ok", notWell: target?.night, at: index)
            }
            let exitCode: Int32 = isLong ? 124 : fault == nil ? 0 : 1
            let own = PastNight(
                run: "night\(number)",
                playbook: "nightly.ps1",
                playbookHash: "",
                startedSeconds: start,
                exitCode: exitCode,
                targets: hosts.count
            )
            nights.append(own)
            outputs[own.run] = shown
            let report = NightReport(
                playbook: "nightly.ps1",
                host: "ops",
                exitCode: exitCode,
                signal: nil,
                targets: hosts.count,
                started: "\(start)",
                took: "40 s",
                recording: "/r/\(own.run)",
                log: log,
                baseline: baseline(of: own, endings)
            )
            return report.text
        }

        private func baseline(of own: PastNight, _ endings: [String: String]) -> NightBaseline {
            guard let (night, between) = own.lastGood(among: nights, hasSameTargets: { _ in true }) else {
                return .none
            }
            let changed = hosts.filter { outputs[night.run]?[$0] != outputs[own.run]?[$0] }
            let difference = NightDifference(
                endings: changed.map { .init(from: "ok", to: endings[$0] ?? "", targets: [$0]) },
                changes: changed.map { .init(targets: [$0], lines: ["-half", "+full"]) },
                unchanged: hosts.count - changed.count
            )
            return .found(night, between: between, difference)
        }

        private static func target(_ host: String, _ fault: Fault?) -> (outcome: String, night: NightTarget)? {
            switch fault {
            case .line(host):
                ("error", NightTarget(name: host, ending: "error", reasons: ["line 18: error, exit code 1: full"]))
            case .unreachable(host):
                (
                    "unreachable",
                    NightTarget(
                        name: host,
                        ending: "unreachable",
                        code: "ConnectionFailed",
                        reasons: ["in phase tcp: refused"]
                    )
                )
            case .long where host == "web01":
                (
                    "timed_out",
                    NightTarget(name: host, ending: "timed_out", code: "TargetTimeout", reasons: ["1 h ran out"])
                )
            default: nil
            }
        }
    }
}
