import PSRunTestSupport
import Schedules
import Testing

/// The bounds of what `psrun schedule` writes for cron. Both are wrong usage.
enum ScheduleBounds {
    static let cases: [String: BoundCase] = [
        "a command in a crontab, which cron takes": BoundCase(limit: "\(Crontab.mostCommandBytes) bytes") {
            func write(_ bytes: Int) throws {
                let word = String(repeating: "x", count: bytes - "cd / && exec /psrun ".utf8.count)
                let command = try ScheduledCommand(folder: "/", program: "/psrun", arguments: [word], title: "x")
                _ = try Crontab.line(.every(minutes: 5), command)
            }
            try write(Crontab.mostCommandBytes)
            do { try write(Crontab.mostCommandBytes + 1) } catch is ScheduleError { return "wrong usage (2)" }
            return ""
        },
        "your crontab, for `psrun schedule --install`": BoundCase(limit: "\(Crontab.mostBytes >> 20) MiB") {
            func install(behind bytes: Int) async throws -> ProgramOutcome {
                let place = try Workplace()
                let folder = try place.folder.makeFolder("bin")
                try place.folder.write(
                    "#!/bin/sh\n[ \"$1\" = -l ] || exec cat >/dev/null\n"
                        + "head -c \(bytes - 1) /dev/zero | tr '\\0' '#'; echo\n",
                    to: "bin/crontab",
                    mode: 0o755
                )
                return try await place.psrun(
                    ["schedule", try place.playbook("echo in\n"), "--at", "04:30", "--install"],
                    environment: ["PATH": "\(folder):/usr/bin:/bin"]
                )
            }
            let most = try await install(behind: Crontab.mostBytes)
            #expect(most.ending == .exited(0), "\(most)")
            let one = try await install(behind: Crontab.mostBytes + 1)
            return one.ending == .exited(2) ? "wrong usage (2)" : "\(one)"
        },
    ]
}
