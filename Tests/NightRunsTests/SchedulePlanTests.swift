import NightRuns
import PSRunCommandLine
import PSRunTestSupport
import Schedules
import Testing

struct SchedulePlanTests {
    private static let place = SchedulePlace(
        folder: "/srv/ops",
        program: "/usr/local/bin/psrun",
        account: "ops",
        isRoot: false,
        userUnits: "/home/ops/.config/systemd/user",
        recordings: nil,
        skips: []
    )

    private static let skips = ClockSkip.find(
        from: 1_798_761_600,
        through: 1_798_761_600 + 365 * 86_400,
        offset: berlin
    )

    /// Berlin's time of 2027.
    private static func berlin(_ moment: Int64) -> Int64 {
        moment >= 1_806_195_600 && moment < 1_824_944_400 ? 7_200 : 3_600
    }

    private static func plan(
        _ line: String,
        at place: SchedulePlace = place,
        skips: [ClockSkip] = []
    ) throws -> SchedulePlan {
        let arguments = ["schedule"] + line.split(separator: " ").map(String.init)
        guard case .schedule(let invocation) = try bind(arguments: arguments) else {
            throw TestSupportError("not a schedule: \(line)")
        }
        var place = place
        place.skips = skips
        return try SchedulePlan(invocation, at: place)
    }

    @Test("A schedule has the run's own options, each in one word, and none of its own")
    func arguments() throws {
        let plan = try Self.plan(
            "nightly.ps1 --at 02:30 -w web[1-2] -x web2 -ConnectingTimeout 500 -Verbose:$false --schedule-name a --splay 5m"
        )
        #expect(
            plan.text
                == "30 2 * * * cd /srv/ops && exec /usr/local/bin/psrun --cron /srv/ops/nightly.ps1 '-w:web[1-2]' -x:web2 "
                + "-ConnectingTimeout:500 --splay=5m\n"
        )
    }

    @Test("What a schedule has is what the same options mean, given again")
    func argumentsMeanTheSame() throws {
        let line = "nightly.ps1 -i fleet.yaml --limit web:!web3 -UserName op -ea Stop --answer a=b --step-timeout 5m -q"
        guard
            case .schedule(let scheduled) = try bind(
                arguments: ["schedule", "--at", "1:00"] + line.split(separator: " ").map(String.init)
            ),
            case .run(let run) = try bind(arguments: ["--cron", "nightly.ps1"] + scheduled.arguments),
            case .run(let direct) = try bind(arguments: ["--cron"] + line.split(separator: " ").map(String.init))
        else { throw TestSupportError("not a schedule") }
        #expect(run == direct)
        #expect(scheduled.run == direct)
    }

    @Test("The recordings folder of the environment is named, since cron has another environment")
    func recordings() throws {
        var place = Self.place
        place.recordings = "/var/rec"
        #expect(try Self.plan("n.ps1 --at 02:30", at: place).text.hasSuffix(" --recordings=/var/rec\n"))
        #expect(try Self.plan("n.ps1 --at 02:30 --recordings r", at: place).text.hasSuffix(" --recordings=r\n"))
    }

    @Test("A file of cron's and units have their places, root's and a user's")
    func places() throws {
        func paths(_ line: String, isRoot: Bool) throws -> [String] {
            var place = Self.place
            place.isRoot = isRoot
            return try Self.plan("n.v2.ps1 --at 02:30 \(line)", at: place).documents.map(\.path)
        }
        #expect(try paths("--as cron.d", isRoot: true) == ["/etc/cron.d/psrun-n-v2"])
        #expect(try paths("--as systemd", isRoot: true).last == "/etc/systemd/system/psrun-n-v2.timer")
        #expect(try paths("--as systemd", isRoot: false).first == "/home/ops/.config/systemd/user/psrun-n-v2.service")
        #expect(try paths("--as systemd --run-as web", isRoot: false).first == "/etc/systemd/system/psrun-n-v2.service")
        #expect(try paths("--as systemd --install --into /x", isRoot: true).first == "/x/psrun-n-v2.service")
    }

    @Test("A time that clocks skip moves a timer and leaves a crontab, with a word; UTC has no such time")
    func skipped() throws {
        let timer = try Self.plan("n.ps1 --at 02:30 --as systemd", skips: Self.skips)
        #expect(timer.documents[1].text.contains("OnCalendar=*-*-* 03:00:00\n"))
        #expect(timer.words.count == 1)
        #expect(timer.words[0].contains("on 2027-03-28 there is no 02:30: clocks go from 02:00 to 03:00"))
        let line = try Self.plan("n.ps1 --at 02:30", skips: Self.skips)
        #expect(line.text.hasPrefix("30 2 * * *"))
        #expect(line.words[0].contains("soon after"))
        let utc = try Self.plan("n.ps1 --at 02:30 --as systemd --utc", skips: Self.skips)
        #expect(utc.documents[1].text.contains("OnCalendar=*-*-* 02:30:00 UTC\n"))
        #expect(utc.words == [])
        #expect(try Self.plan("n.ps1 --at 04:00 --as systemd", skips: Self.skips).words == [])
    }

    @Test(
        "What cannot be scheduled is refused, with the way out",
        arguments: [
            ("n.ps1 --at 25:00", "--at does not take '25:00'"), ("n.ps1 --every 7m", "15m"), ("n.ps1", "--at 02:30"),
            ("n.ps1 --at 02:30 --every 1h", "give one"), ("- --at 02:30", "standard input"),
            ("n.ps1 --at 02:30 --host -", "standard input"), ("n.ps1 --at 02:30 --ask", "--ask"),
            ("n.ps1 --at 02:30 --utc", "--as systemd"), ("n.ps1 --at 02:30 --run-as ops", "--run-as"),
            ("n.ps1 --at 02:30 --schedule-name a.b", "a.b"), ("n.ps1 --at 02:30 --into /x", "--install"),
            ("n.ps1 --at 02:30 -v", "--verbose"), ("n.ps1 --at 02:30 --dry-run", "--dry-run"),
        ]
    )
    func refused(_ line: String, _ word: String) {
        do {
            _ = try Self.plan(line)
            Issue.record("\(line) was taken")
        } catch let error as CommandFailure {
            #expect(error.message.contains(word), "\(error.message)")
        } catch {
            #expect("\(error)".contains(word), "\(error)")
        }
    }
}
