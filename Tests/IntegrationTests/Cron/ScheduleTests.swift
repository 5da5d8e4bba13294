import Glibc
import PSRunTestSupport
import Testing

/// What `psrun schedule` prints, read by those it is meant for: crontab, sh as cron starts it, and systemd.
struct ScheduleTests {
    private let place: Workplace
    /// Arguments that a shell, cron and systemd each have something to say to.
    private static let words = ["100%", "a\\%b", "\\\\srv\\x", "it's \"so\"", "$HOME `id` $$", " ", "ü", ";", "*"]

    init() throws {
        place = try Workplace()
    }

    /// A program in psrun's place that tells its arguments, in a folder with a name that needs quotes.
    private func teller() throws -> (program: String, folder: String, told: String) {
        let folder = try place.folder.makeFolder("op's 100% \\%$HOME")
        try place.folder.write(
            "#!/bin/sh\n{ pwd; printf '[%s]' \"$@\"; } >'\(place.folder.path(of: "told"))'\n",
            to: "teller",
            mode: 0o755
        )
        return (place.folder.path(of: "teller"), folder, place.folder.path(of: "told"))
    }

    /// Schedules in a folder, with answers that have all of the words.
    private func schedule(_ options: [String], in folder: String) async throws -> ProgramOutcome {
        let playbook = try place.playbook("echo a\n", named: "nightly.sh")
        let answers = Self.words.flatMap { ["--answer", "q=\($0)"] }
        let script = "cd \"$0\" && exec \"$@\""
        return try await ChildProgram.run(
            ["/bin/sh", "-c", script, folder, BuiltProgram.path, "schedule", playbook] + answers + options,
            environment: place.environment(adding: ["PSRUN_RECORDINGS": ""])
        )
    }

    private func expected(_ folder: String) -> String {
        let answers = Self.words.map { "[--answer=q=\($0)]" }.joined()
        return "\(folder)\n[--cron][\(place.folder.path)/nightly.sh]\(answers)"
    }

    /// A command as Debian's cron hands it to a shell (do_command.c): up to the first bare `%`, backslashes before `%` and
    /// before each other taken away.
    private static func afterCron(_ command: some StringProtocol) -> String {
        var result = ""
        var isEscaped = false
        for character in command {
            if isEscaped, character == "%" || character == "\\" { result.removeLast() }
            if !isEscaped, character == "%" { break }
            isEscaped = !isEscaped && character == "\\"
            result.append(character)
        }
        return result
    }

    @Test("A crontab's line is taken by crontab, and a shell that cron starts gets the arguments as they were given")
    func crontab() async throws {
        let (program, folder, told) = try teller()
        let outcome = try await schedule(["--at", "02:30"], in: folder)
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let file = try place.folder.write(outcome.output, to: "crontab")
        let check = try await ChildProgram.run(["/usr/bin/crontab", "-n", file])
        #expect(check.ending == .exited(0), "\(check)")
        let command = outcome.output.replacing(BuiltProgram.path, with: program).split(separator: " ", maxSplits: 5)[5]
        let run = try await ChildProgram.run(
            ["/bin/sh", "-c", Self.afterCron(command.dropLast())],
            environment: ["HOME": place.home, "LOGNAME": "ops", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"]
        )
        #expect(run.ending == .exited(0), "\(run)")
        #expect(try text(of: told) == expected(folder))
    }

    @Test("A file for cron.d has a name that cron reads, its mode, and a last line end; another's file is left alone")
    func cronFile() async throws {
        let folder = try place.folder.makeFolder("cron.d")
        let options = ["--at", "02:30", "--as", "cron.d", "--install", "--into", folder]
        for _ in 0..<2 {
            let outcome = try await schedule(options, in: place.folder.path)
            #expect(outcome.ending == .exited(0), "\(outcome)")
        }
        #expect(try FolderListing.names(in: folder) == ["psrun-nightly"])
        let file = "\(folder)/psrun-nightly"
        #expect(try text(of: file).hasSuffix("\n"))
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o644)
        try place.folder.write("# mine\n", to: "cron.d/psrun-nightly")
        let refused = try await schedule(options, in: place.folder.path)
        #expect(refused.ending == .exited(2) && refused.errors.contains("--schedule-name"), "\(refused)")
        #expect(try text(of: file) == "# mine\n")
    }

    @Test("With a service and its timer systemd finds nothing wrong, and it reads the arguments as they were given")
    func systemd() async throws {
        let (program, folder, _) = try teller()
        let units = try place.folder.makeFolder("units", mode: 0o755)
        #expect(chmod(place.folder.path, 0o755) == 0)
        let outcome = try await schedule(
            ["--at", "04:30", "--as", "systemd", "--install", "--into", units],
            in: folder
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let service = "\(units)/psrun-nightly.service"
        try place.folder.write(
            try text(of: service).replacing(BuiltProgram.path, with: program),
            to: "units/psrun-nightly.service"
        )
        let verify = try await ChildProgram.run([
            "/usr/bin/systemd-analyze", "verify", service, "\(units)/psrun-nightly.timer",
        ])
        // Its status says nothing: it is 0 for unknown keys as well.
        #expect(verify.output + verify.errors == "", "\(verify)")
        let read = try await SystemdUnit("psrun-nightly.service", in: units, place)
        #expect(
            read.words == [program, "--cron", "\(place.folder.path)/nightly.sh"] + Self.words.map { "--answer=q=\($0)" }
        )
        #expect(read["WorkingDirectory"] == folder)
        #expect(read["Type"] == "notify" && read["NotifyAccess"] == "main" && read["WatchdogSec"] == "2min")
        #expect(read["TimeoutStartSec"] == "15min 1s" && read["KillMode"] == "mixed")
    }

    @Test("A timer has every night of a year that skips an hour, also where the wanted time is in that hour")
    func everyNight() async throws {
        for (zone, time) in [
            ("Europe/Berlin", "02:30"), ("America/New_York", "02:00"), ("Africa/Cairo", "00:30"), ("UTC", "02:30"),
        ] {
            let playbook = try place.playbook("echo a\n", named: "nightly.sh")
            let outcome = try await place.psrun(
                ["schedule", playbook, "--at", time, "--as", "systemd"],
                environment: ["TZ": zone]
            )
            #expect(outcome.errors.isEmpty == (zone == "UTC"), "\(outcome)")
            let line = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix("OnCalendar=") })
            let calendar = try await ChildProgram.run(
                [
                    "/usr/bin/systemd-analyze", "calendar", "--base-time=2027-01-01 00:00:00 UTC", "--iterations=364",
                    String(line.dropFirst(11)),
                ],
                environment: ChildProgram.environment(adding: ["TZ": zone])
            )
            let elapses = calendar.output.split(separator: "\n").filter {
                $0.contains("Next elapse:") || $0.contains("Iter. #")
            }
            let days = elapses.compactMap { $0.firstMatch(of: /\d{4}-\d\d-\d\d/)?.output }
            #expect(days.count == 364, "\(calendar)")
            #expect(Set(days).count == days.count, "\(zone)")
            let (first, last) = (try #require(days.first), try #require(days.last))
            #expect(
                last == "2027-12-30" || first == "2027-01-02" && last == "2027-12-31",
                "\(zone): \(first) to \(last)"
            )
        }
    }

    @Test("Every rhythm is one for systemd's calendar and for crontab", arguments: ["1m", "15m", "1h", "6h", "12h"])
    func rhythms(_ every: String) async throws {
        let playbook = try place.playbook("echo a\n", named: "nightly.sh")
        let units = try await place.psrun(["schedule", playbook, "--every", every, "--as", "systemd"])
        let line = try #require(units.output.split(separator: "\n").first { $0.hasPrefix("OnCalendar=") })
        let calendar = try await ChildProgram.run(["/usr/bin/systemd-analyze", "calendar", String(line.dropFirst(11))])
        #expect(calendar.ending == .exited(0), "\(calendar)")
        let crontab = try await place.psrun(["schedule", playbook, "--every", every])
        let check = try await ChildProgram.run([
            "/usr/bin/crontab", "-n", try place.folder.write(crontab.output, to: "crontab"),
        ])
        #expect(check.ending == .exited(0), "\(check)")
    }

    @Test(
        "Nothing is scheduled that could not run: a playbook that is not there, an empty inventory, a line too long for cron"
    )
    func refused() async throws {
        let playbook = try place.playbook("echo a\n", named: "nightly.sh")
        let long = ["--answer", "q=\(String(repeating: "x", count: 990))"]
        for arguments in [["/nosuch.sh"], [playbook, "-i", "/nosuch.yaml"], [playbook] + long] {
            let outcome = try await place.psrun(["schedule", "--at", "02:30"] + arguments)
            #expect(outcome.ending == .exited(2) && outcome.output == "", "\(outcome)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome)")
        }
    }
}
