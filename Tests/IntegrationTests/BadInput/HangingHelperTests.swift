import Glibc
import PSRunTestSupport
import Testing

/// What psrun waits for and never comes: it ends by its clocks all the same, and leaves nothing behind.
struct HangingHelperTests {
    private let place: Workplace
    private let key: String
    private let playbook: String

    init() async throws {
        place = try Workplace()
        key = place.folder.path(of: "key")
        playbook = try place.playbook("1")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0), "\(made)")
    }

    /// Processes, of any parent, whose command line has this word.
    private func processes(naming word: String) throws -> [String] {
        try FolderListing.names(in: "/proc").filter { Int32($0) != nil }.filter { name in
            (try? text(of: "/proc/\(name)/cmdline"))?.contains(word) ?? false
        }
    }

    @Test("A --password-command that hangs, and does not obey SIGTERM, ends by the connection's clock")
    func passwordCommand() async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let delay = SchedulingDelay()
        let began = ContinuousClock.now
        let outcome = try await ChildProgram.run(
            [BuiltProgram.path, playbook, "-ConnectingTimeout", "2000"] + peer.arguments
                + ["--password-command", "trap '' TERM; : \(word); while :; do sleep 1; done"],
            environment: place.environment(),
            within: 60
        )
        let (took, late) = (ContinuousClock.now - began, await delay.end())
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("phase auth"), "\(outcome)")
        #expect(took < .seconds(5) + late * 4, "\(took)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test("A second signal ends a hanging --password-command with the program")
    func secondSignal() async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let word = "hang-\(UInt64.random(in: 0...UInt64.max))"
        let begun = place.folder.path(of: "begun")
        let program = try ChildProgram(
            [BuiltProgram.path, playbook] + peer.arguments
                + ["--password-command", "trap '' TERM; echo >\(begun); : \(word); while :; do sleep 1; done"],
            environment: place.environment()
        )
        for _ in 0..<2000 where access(begun, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        program.signal(SIGINT)
        try await Task.sleep(for: .milliseconds(100))
        program.signal(SIGINT)
        let outcome = try await program.outcome(within: 30)
        #expect(outcome.ending == .exited(130), "\(outcome)")
        #expect(try processes(naming: word).isEmpty)
    }

    @Test("A FIFO in place of a systemd credential is refused, and stops no clock")
    func credentialFIFO() async throws {
        let peer = try await PasswordServer("password", "secret", hostKey: key, in: place.folder)
        let folder = try place.folder.makeFolder("credentials")
        #expect(mkfifo("\(folder)/psrun.password", 0o600) == 0)
        let outcome = try await ChildProgram.run(
            [BuiltProgram.path, playbook, "-ConnectingTimeout", "20000"] + peer.arguments,
            environment: place.environment(adding: ["CREDENTIALS_DIRECTORY": folder]),
            within: 15
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        #expect(outcome.errors.contains("psrun.password cannot be used: it is not a regular file"), "\(outcome)")
    }
}
