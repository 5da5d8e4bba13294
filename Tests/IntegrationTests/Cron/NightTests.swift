import Glibc
import PSRunTestSupport
import Testing

/// Runs by the clock, one after the other, on far sides of psrun's own.
struct NightTests {
    private let place: Workplace
    private let playbook: String

    init() throws {
        place = try Workplace()
        playbook = try place.playbook(
            "cat '\(place.folder.path(of: "state"))'\ntest \"$(cat '\(place.folder.path(of: "state"))')\" = good\n",
            named: "nightly.sh"
        )
        try place.folder.write("good\n", to: "state")
    }

    @Test(
        "A night on which all is well says nothing at all; one with a fault says which line, code, change and recording"
    )
    func oneEach() async throws {
        let good = try await place.psrun(["--cron", playbook])
        #expect(good.ending == .exited(0), "\(good)")
        #expect(good.output + good.errors == "", "\(good)")
        try place.folder.write("disk is full\n", to: "state")
        let bad = try await place.psrun(["--cron", playbook])
        #expect(bad.ending == .exited(1), "\(bad)")
        #expect(bad.errors == "", "\(bad)")
        let lines = bad.output.split(separator: "\n")
        #expect(lines.count <= 40)
        #expect(lines.first?.hasSuffix("nightly.sh: 1 of 1 target not well, exit code 1") == true, "\(bad)")
        #expect(
            lines.contains { $0.hasPrefix("localhost: error: line 2 (test ") && $0.contains("exit code 1") },
            "\(bad)"
        )
        #expect(bad.output.contains("Different from the last good night, "), "\(bad)")
        #expect(bad.output.contains("    -good\n    +disk is full\n"), "\(bad)")
        let recording = try #require(lines.first { $0.hasPrefix("Recording: ") }?.dropFirst(11))
        #expect(recording.hasPrefix("/") && access("\(recording)/manifest.json", F_OK) == 0, "\(bad)")
        for line in lines.suffix(2) {
            let words = line.split(separator: " ").map(String.init).filter { $0 != "Next:" && $0 != "psrun" }
            let next = try await place.psrun(words)
            #expect(next.output.contains("localhost"), "\(line): \(next)")
        }
    }

    @Test("Results that nobody gets are kept nowhere")
    func noResults() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "\(BuiltProgram.path) endpoint"])
        let hosts = ["127.0.0.1", "[::1]"].flatMap { ["--host", "\(server.user)@\($0):\(server.port)"] }
        let loud = try place.playbook("head -c 300000 /dev/zero | tr '\\0' x | fold -w 1000\n", named: "loud.sh")
        // A file without a name leaves its traces in its folder's times.
        let temporary = try place.folder.makeFolder("temporary")
        func changed(_ options: [String]) async throws -> Bool {
            var times = timespec()
            times.tv_sec = 1_000_000_000
            #expect(utimensat(AT_FDCWD, temporary, [times, times], 0) == 0)
            let outcome = try await place.psrun(
                [loud] + hosts + server.options() + options,
                environment: ["TMPDIR": temporary]
            )
            #expect(outcome.ending == .exited(0), "\(outcome)")
            var status = stat()
            #expect(stat(temporary, &status) == 0)
            return status.st_mtim.tv_sec != 1_000_000_000
        }
        #expect(try await changed(["-q"]))
        #expect(try await !changed(["--cron"]))
        #expect(try await changed(["--cron", "--output", place.folder.path(of: "results")]))
    }

    @Test("Thirty nights on two hosts over SSH: output on those with a fault, and on no other")
    func thirtyNights() async throws {
        let server = try await SSHServer(subsystems: ["powershell": "\(BuiltProgram.path) endpoint"])
        let ill = place.folder.path(of: "ill")
        let playbook = try place.playbook(
            "date +%s\ncase \"$SSH_CONNECTION\" in *::1*) test ! -e '\(ill)' ;; esac\necho done\n",
            named: "fleet.sh"
        )
        let faults: [Int: String] = [4: "line", 5: "line", 11: "time", 18: "line", 29: "line"]
        let hosts = ["127.0.0.1", "[::1]"].flatMap { ["--host", "\(server.user)@\($0):\(server.port)"] }
        for night in 0..<30 {
            if faults[night] == "line" { try place.folder.write("", to: "ill") } else { unlink(ill) }
            let limit = faults[night] == "time" ? ["-ConnectingTimeout", "1"] : []
            let outcome = try await place.psrun(["--cron", playbook] + hosts + server.options() + limit)
            let said = outcome.output + outcome.errors
            guard let fault = faults[night] else {
                #expect(outcome.ending == .exited(0) && said == "", "night \(night): \(outcome)")
                continue
            }
            #expect(said.split(separator: "\n").count <= 40)
            if fault == "line" {
                #expect(outcome.ending == .exited(1), "night \(night): \(outcome)")
                #expect(said.contains("1 of 2 targets not well"), "night \(night): \(outcome)")
                #expect(
                    said.contains("\n\(server.user)@[::1]:\(server.port): error: line 2"),
                    "night \(night): \(outcome)"
                )
                #expect(said.contains("Different from the last good night"), "night \(night): \(outcome)")
                #expect(said.contains("ended error instead of ok: "), "night \(night): \(outcome)")
            } else {
                #expect(outcome.ending == .exited(4), "night \(night): \(outcome)")
                #expect(said.contains("2 of 2 targets not well") && said.contains("(ConnectingTimeout)"), "\(outcome)")
            }
        }
    }

    @Test("An empty environment, a closed standard input and no terminal are enough")
    func bareEnvironment() async throws {
        let script = "cd \(place.folder.path) && exec env -i \"$0\" --cron \"$1\" --recordings \"$2\" <&-"
        for state in ["good", "bad"] {
            try place.folder.write("\(state)\n", to: "state")
            let outcome = try await ChildProgram.run(
                ["/bin/sh", "-c", script, BuiltProgram.path, playbook, place.recordings]
            )
            #expect(outcome.ending == .exited(state == "good" ? 0 : 1), "\(outcome)")
            #expect(outcome.errors == "", "\(outcome)")
            #expect(outcome.output.isEmpty == (state == "good"), "\(outcome)")
        }
    }

    @Test("Results for a program go into their file, whether the night was good or not")
    func output() async throws {
        let file = place.folder.path(of: "night.json")
        for state in ["good", "bad"] {
            try place.folder.write("\(state)\n", to: "state")
            let outcome = try await place.psrun(["--cron", playbook, "--format", "json", "--output", file])
            #expect(outcome.output.isEmpty == (state == "good"), "\(outcome)")
            #expect(try text(of: file).contains("\"exit_code\":\(state == "good" ? 0 : 1)"))
        }
    }

    @Test("A night without an earlier good one says so, and so does one whose targets were others")
    func nothingToCompare() async throws {
        try place.folder.write("bad\n", to: "state")
        let first = try await place.psrun(["--cron", playbook])
        #expect(first.output.contains("There is no earlier night of this playbook and these targets here"), "\(first)")
    }

    @Test("A splay of a day begins late, and a signal meanwhile ends it with a word")
    func splay() async throws {
        let program = try place.start(["--cron", playbook, "--splay", "20d"])
        try await Task.sleep(for: .milliseconds(500))
        program.signal(SIGTERM)
        let outcome = try await program.outcome(within: 20)
        #expect(outcome.ending == .exited(143), "\(outcome)")
        #expect(
            outcome.output + outcome.errors
                == "psrun: \(playbook): ended by SIGTERM before anything ran, exit code 143\n"
        )
        #expect(try FolderListing.names(in: place.recordings) == [])
    }

    @Test("A run without a playbook that can be read says so in a line")
    func badPlaybook() async throws {
        let outcome = try await place.psrun(["--cron", "\(place.folder.path)/nosuch.sh"])
        #expect(outcome.ending == .exited(2), "\(outcome)")
        #expect((outcome.output + outcome.errors).split(separator: "\n").count == 1, "\(outcome)")
    }
}
