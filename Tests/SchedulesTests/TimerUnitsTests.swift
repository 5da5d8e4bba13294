import Schedules
import Testing

struct TimerUnitsTests {
    @Test("A service of the system's has all that its manager has to know")
    func service() throws {
        let command = try CrontabTests.command(["--cron", "nightly.ps1", "--splay=1h"])
        let units = try TimerUnits(
            "psrun-nightly",
            CrontabTests.nightly(),
            isUTC: false,
            command,
            splay: .seconds(3_600),
            grace: .seconds(5),
            user: "ops"
        )
        #expect(
            units.service == """
                # psrun schedule: psrun-nightly
                [Unit]
                Description=psrun nightly.ps1
                Wants=network-online.target
                After=network-online.target

                [Service]
                Type=notify
                NotifyAccess=main
                User=ops
                WorkingDirectory=/srv/ops
                ExecStart="/usr/local/bin/psrun" "--cron" "nightly.ps1" "--splay=1h"
                TimeoutStartSec=4501
                TimeoutStopSec=125
                WatchdogSec=120
                KillMode=mixed

                """
        )
        #expect(
            units.timer == """
                # psrun schedule: psrun-nightly
                [Unit]
                Description=psrun nightly.ps1, by the clock

                [Timer]
                OnCalendar=*-*-* 02:30:00
                Persistent=true
                AccuracySec=1s

                [Install]
                WantedBy=timers.target

                """
        )
    }

    @Test("A service of a user's own names neither a user nor a target that there is not")
    func ofAUser() throws {
        let units = try TimerUnits("a", CrontabTests.nightly(), isUTC: true, try CrontabTests.command([]), user: nil)
        #expect(!units.service.contains("User="))
        #expect(!units.service.contains("network-online"))
        #expect(units.timer.contains("OnCalendar=*-*-* 02:30:00 UTC\n"))
    }

    @Test(
        "An argument means to systemd what it is",
        arguments: [
            ("a b", #""a b""#), ("100%", #""100%%""#), ("$HOME", #""$$HOME""#), (#"q"q\s"#, #""q\"q\\s""#),
            ("a\nb\t", #""a\x0ab\x09""#), (";", #"";""#), ("", #""""#), ("ü", #""ü""#), ("\u{85}", #""\xc2\x85""#),
        ]
    )
    func arguments(_ text: String, _ quoted: String) {
        #expect(UnitText.argument(text) == quoted)
    }

    @Test("A folder that a unit cannot name is refused, and a description stays one line")
    func refused() throws {
        for folder in ["/srv/ops ", "/srv/ops\\"] {
            let command = try CrontabTests.command([], folder: folder)
            #expect(throws: ScheduleError.self) {
                try TimerUnits("a", CrontabTests.nightly(), isUTC: false, command, user: nil)
            }
        }
        let command = try ScheduledCommand(folder: "/", program: "/p", arguments: [], title: "a%\nExecStart=x\\")
        let units = try TimerUnits("a", CrontabTests.nightly(), isUTC: false, command, user: nil)
        #expect(units.service.contains("Description=psrun a%% ExecStart=x\n"))
    }
}
