import Schedules
import Testing

struct CrontabTests {
    static func command(
        _ arguments: [String],
        folder: String = "/srv/ops",
        program: String = "/usr/local/bin/psrun"
    ) throws -> ScheduledCommand {
        try ScheduledCommand(folder: folder, program: program, arguments: arguments, title: "nightly.ps1")
    }

    static func nightly() throws -> Rhythm { .daily(try #require(DayTime("02:30"))) }

    @Test("A line has its fields, its folder and its command")
    func line() throws {
        let command = try Self.command(["--cron", "/srv/ops/nightly.ps1", "--host=web[01-64]"])
        #expect(
            try Crontab.line(Self.nightly(), command)
                == "30 2 * * * cd /srv/ops && exec /usr/local/bin/psrun --cron /srv/ops/nightly.ps1 '--host=web[01-64]'"
        )
    }

    /// What cron makes of a command before a shell has it: `\%` is `%`, `\\` is `\`, and `%` is a line end (Debian's cron
    /// 3.0pl1, do_command.c).
    private static func afterCron(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                if character == "%" || character == "\\" { result.removeLast() }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "%" {
                return result
            }
            result.append(character)
        }
        return result
    }

    @Test(
        "Neither cron nor one that keeps double backslashes changes what a shell reads",
        arguments: [
            "100%", "a\\%b", "\\\\srv\\share", "it's", "a b", "$HOME`id`", "\\", "'\\'", "%", "", "\\%\\%", "~", "*",
        ]
    )
    func cronAndShell(_ word: String) throws {
        let line = try Crontab.line(Self.nightly(), try Self.command([word]))
        let read = Self.afterCron(line)
        let other = line.split(separator: "\\%", omittingEmptySubsequences: false).joined(separator: "%")
        #expect(read == other)
        #expect(Self.shellWord(read.split(separator: " psrun ", maxSplits: 1).last.map(String.init) ?? "") != nil)
        #expect(read.hasSuffix(ShellWord.quoted(word)))
        #expect(Self.shellWord(ShellWord.quoted(word)) == word)
    }

    /// A word as sh(1) reads it: quotes, and backslashes outside of them.
    private static func shellWord(_ text: String) -> String? {
        var (word, isQuoted, isEscaped) = ("", false, false)
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if character == "'" {
                isQuoted.toggle()
            } else if character == "\\", !isQuoted {
                isEscaped = true
            } else {
                word.append(character)
            }
        }
        return isQuoted || isEscaped ? nil : word
    }

    @Test("A file of cron's ends with a line end, and names the user and a shell")
    func file() throws {
        let file = try Crontab.file("psrun-nightly", Self.nightly(), try Self.command(["--cron"]), user: "ops")
        #expect(
            file == """
                # psrun schedule: psrun-nightly
                SHELL=/bin/sh
                30 2 * * * ops cd /srv/ops && exec /usr/local/bin/psrun --cron

                """
        )
    }

    @Test("An entry takes its own former place in a crontab, and leaves the others alone")
    func merging() throws {
        let (first, second) = ("# psrun schedule: a\n1 1 * * * x --cron\n", "# psrun schedule: a\n2 2 * * * y --cron\n")
        #expect(Crontab.merging(first, "a", into: "") == first)
        #expect(Crontab.merging(first, "a", into: "MAILTO=ops") == "MAILTO=ops\n" + first)
        let whole = "MAILTO=ops\n" + first + "3 3 * * * z\n"
        #expect(Crontab.merging(second, "a", into: whole) == "MAILTO=ops\n" + second + "3 3 * * * z\n")
        #expect(Crontab.merging(second, "b", into: first) == first + second)
        let torn = "# psrun schedule: a\n3 3 * * * z\n"
        #expect(Crontab.merging(second, "a", into: torn) == second + "3 3 * * * z\n")
    }

    @Test("A command that is longer than cron takes is refused, with the way out")
    func tooLong() throws {
        let command = try Self.command([String(repeating: "x", count: 998)])
        let error = #expect(throws: ScheduleError.self) { try Crontab.line(Self.nightly(), command) }
        #expect(error?.message.contains("--host @FILE") == true)
    }

    @Test("A line end in an argument, and a path that is not from the root on, are refused")
    func refused() throws {
        #expect(throws: ScheduleError.self) { try Crontab.line(Self.nightly(), try Self.command(["a\nb"])) }
        #expect(throws: ScheduleError.self) { try Self.command([], folder: "ops") }
        #expect(throws: ScheduleError.self) { try Self.command([], folder: "/srv/o\nps") }
        #expect(throws: ScheduleError.self) { try Self.command([], program: "/opt/it's/psrun") }
        #expect(throws: ScheduleError.self) { try Crontab.file("a", Self.nightly(), try Self.command([]), user: "a b") }
    }

    @Test("A name has no dot, whatever the playbook's has")
    func names() throws {
        #expect(ScheduleName.of(playbook: "nightly.ps1") == "psrun-nightly")
        #expect(ScheduleName.of(playbook: "disk check.v2.sh") == "psrun-disk-check-v2")
        try ScheduleName.check("psrun-disk_1")
        for name in ["a.b", "", "-a", "a b", "ä", "a/b"] {
            #expect(throws: ScheduleError.self) { try ScheduleName.check(name) }
        }
    }
}
