import Glibc
import PSRunTestSupport
import Testing

/// Debian's cron itself, in name spaces of its own, with folders of its own.
struct CronDaemonTests {
    /// Whether this user may make name spaces; in some containers not even root may.
    private static let hasNameSpaces: Bool = {
        let probe = try? ChildProgram([
            "/usr/bin/unshare", "-m", "-p", "-f", "/bin/mount", "-t", "tmpfs", "none", "/mnt",
        ])
        return (try? probe?.wait(seconds: 10))?.ending == .exited(0)
    }()

    private let place: Workplace
    private let mails: String

    init() throws {
        place = try Workplace()
        mails = place.folder.path(of: "mails")
        #expect(chmod(place.folder.path, 0o755) == 0)
    }

    /// Installs a playbook for each name into a folder for cron.d; the one that is called `good` is well.
    private func install(_ names: [String]) async throws {
        let folder = try place.folder.makeFolder("op's 100% \\%$HOME", mode: 0o755)
        for name in ["cron.d", "spool"] { try place.folder.makeFolder(name, mode: 0o755) }
        for name in names {
            let mark = place.folder.path(of: "ran-\(name)")
            let playbook = try place.playbook("pwd >'\(mark)'\ntest \(name) = good\n", named: "\(name).sh")
            let outcome = try await ChildProgram.run(
                ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, BuiltProgram.path, "schedule", playbook]
                    + ["--every", "1m", "--as", "cron.d", "--answer", "q=100% \\% 'x' \\\\"]
                    + ["--install", "--into", place.folder.path(of: "cron.d")],
                environment: place.environment()
            )
            #expect(outcome.ending == .exited(0), "\(outcome)")
        }
    }

    /// Has cron run for so many seconds; what it mails goes into a file.
    private func cron(seconds: Int) async throws {
        let sendmail = try place.folder.write(
            "#!/bin/sh\n{ echo '=== mail'; cat; } >>'\(mails)'\n",
            to: "sendmail",
            mode: 0o755
        )
        let script = """
            mount --bind '\(place.folder.path(of: "spool"))' /var/spool/cron
            mount --bind '\(place.folder.path(of: "cron.d"))' /etc/cron.d
            mount -t tmpfs none /run
            mkdir /run/sbin
            cp /usr/sbin/cron /usr/sbin/unix_chkpwd '\(sendmail)' /run/sbin
            mount --bind /run/sbin /usr/sbin
            exec timeout \(seconds) /usr/sbin/cron -f
            """
        let name = ["/usr/bin/unshare", "-m", "-p", "-f", "--mount-proc", "/bin/sh", "-ec", script]
        _ = try await ChildProgram.run(name, within: Double(seconds + 10))
    }

    @Test(
        "A crontab takes a line in the place of its former one, and what a person wrote stays",
        .enabled(if: Self.hasNameSpaces)
    )
    func crontab() async throws {
        let spool = try place.folder.makeFolder("spool", mode: 0o755)
        let playbook = try place.playbook("echo a\n", named: "nightly.sh")
        let schedule = "'\(BuiltProgram.path)' schedule '\(playbook)' --install"
        let script = """
            mkdir '\(spool)/crontabs'
            mount --bind '\(spool)' /var/spool/cron
            \(schedule) --at 01:00
            { crontab -l; echo '# mine'; echo 'MAILTO=ops'; } | crontab -
            \(schedule) --at 02:30 && crontab -l
            """
        let outcome = try await ChildProgram.run(
            ["/usr/bin/unshare", "-m", "/bin/sh", "-ec", script],
            environment: place.environment(adding: ["PSRUN_RECORDINGS": ""])
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let lines = outcome.output.split(separator: "\n").map(String.init).suffix(4)
        #expect(lines.first == "# psrun schedule: psrun-nightly", "\(outcome)")
        #expect(lines.dropFirst().first?.hasPrefix("30 2 * * * cd ") == true, "\(outcome)")
        #expect(lines.suffix(2) == ["# mine", "MAILTO=ops"], "\(outcome)")
    }

    private func check() throws {
        for name in ["good", "bad"] {
            #expect(access(place.folder.path(of: "ran-\(name)"), F_OK) == 0, "\(name)")
        }
        let text = try text(of: mails)
        let all = text.split(separator: "=== mail")
        #expect(
            !all.isEmpty && all.allSatisfy { $0.contains("bad.sh: 1 of 1 target not well, exit code 1") },
            "\(text)"
        )
        #expect(
            text.contains("Subject: Cron <root@") && text.contains("/bad.sh"),
            "\(text)"
        )
    }

    @Test(
        "Debian's cron runs what schedule installs for it, mails what a bad night reports, and nothing of a good one",
        .enabled(if: Self.hasNameSpaces)
    )
    func atItsStart() async throws {
        try await install(["good", "bad"])
        for name in ["good", "bad"] {
            // So that nobody has to wait for the next minute.
            let file = try text(of: place.folder.path(of: "cron.d/psrun-\(name)"))
            #expect(file.contains("\n* * * * * root cd "))
            try place.folder.write(file.replacing("* * * * * root", with: "@reboot root"), to: "cron.d/psrun-\(name)")
        }
        try await cron(seconds: 10)
        try check()
    }

    /// PSRUN_CRON=1 asks for it.
    @Test(
        "The same by the clock, with the lines as they are",
        .enabled(if: Self.hasNameSpaces && getenv("PSRUN_CRON") != nil)
    )
    func byTheClock() async throws {
        try await install(["good", "bad"])
        try await cron(seconds: 63)
        try check()
    }
}
