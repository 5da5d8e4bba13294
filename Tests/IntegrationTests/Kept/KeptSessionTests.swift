import Foundation
import Glibc
import PSRunTestSupport
import Testing

/// `psrun session`, and runs in what it keeps, on this computer.
struct KeptSessionTests {
    @Test("Variables, functions, the folder and `$?` are there on the next visit")
    func state() async throws {
        let kept = try KeptPlace()
        let opened = try await kept.psrun("session", "open", "web")
        #expect(opened.ending == .exited(0) && opened.output.contains("\n 1  web   localhost  available"), "\(opened)")
        let first = try await kept.run("x=5; f() { echo fn; }; cd /tmp", "false", in: ["-Name", "WEB"])
        #expect(first.target == "session:WEB" && first.steps.map(\.outcome) == ["ok", "error"])
        #expect(first.phasesUs["session"] != nil)
        let second = try await kept.run("echo $? $x; f; pwd", in: ["-Name", "web"])
        #expect(second.steps.first?.output == "1 5\nfn\n/tmp\n")
        _ = try await kept.psrun("session", "close", "web")
        #expect(try await kept.sessions().isEmpty)
        try await kept.until { kept.brokers().isEmpty }
    }

    @Test("`exit` leaves a session open, with all that is in it", arguments: ["/bin/sh", "/bin/bash"])
    func exit(shell: String) async throws {
        let kept = try KeptPlace(adding: ["PATH": ""])
        let pwsh = try kept.place.folder.searchPath(withPwsh: [BuiltProgram.path, "endpoint", "--shell", shell])
        let outcome = try await kept.place.psrun(
            ["session", "open", "web"],
            environment: kept.environment.merging(["PATH": pwsh]) { _, new in new }
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let line = "f() { for i in 1 2; do exit 3; done; }; y=7; (exit 9); echo $?; f; echo never"
        let first = try await kept.run(line, "echo later", in: ["-Name", "web"])
        #expect(first.exitCode == 3 && first.linesNotSent == 1 && first.steps.first?.output == "9\n")
        let words = "line 1 ended this visit with exit code 3; the kept session stays open"
        #expect(first.error?.message.hasSuffix(words) == true, "\(first)")
        let second = try await kept.run("false", "exit", in: ["-Id", "1"])
        #expect(second.exitCode == 1)
        #expect(try await kept.run("echo $y", in: ["-Name", "web"]).steps.first?.output == "7\n")
    }

    @Test("A session is listed with its ids and state, and entered by each of them")
    func list() async throws {
        let kept = try KeptPlace()
        #expect(try await kept.sessions().isEmpty)
        #expect(kept.brokers().isEmpty)
        _ = try await kept.psrun("session", "open", "one")
        _ = try await kept.psrun("session", "open", "Two two")
        let all = try await kept.sessions()
        #expect(all.map(\.id) == [1, 2] && all.map(\.name) == ["one", "Two two"])
        #expect(all.allSatisfy { $0.state == "available" && $0.target == "localhost" && $0.idleSince != nil })
        #expect(kept.brokers().count == 1)
        let text = try await kept.psrun("session", "list")
        #expect(text.output.contains("Two two  localhost  available"), "\(text)")
        let second = try #require(all.last)
        for session in [
            ["-Id", "2"], ["-InstanceId", "{\(second.instanceId.uppercased())}"], ["-Session", second.instanceId],
            ["-Session", "2"], ["--name", "two TWO"],
        ] {
            #expect(try await kept.run("echo in $(( n = n + 1 ))", in: session).outcome == "ok", "\(session)")
        }
        #expect(try await kept.run("echo $n", in: ["-Id", "2"]).steps.first?.output == "5\n")
        let closed = try await kept.psrun("session", "close", "--id", "2")
        #expect(closed.ending == .exited(0), "\(closed)")
        #expect(try await kept.sessions().map(\.id) == [1])
        #expect(try await kept.psrun("session", "close", "--all").ending == .exited(0))
    }

    @Test("Two sessions of one name are both named, and a name that is not there says what is")
    func names() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        _ = try await kept.psrun("session", "open", "WEB")
        let two = try await kept.run("echo in", in: ["-Name", "web"])
        #expect(two.phase == "session" && two.error?.code == "KeptSessionUnusable")
        #expect(two.error?.message.contains("web (id 1, on localhost) and WEB (id 2, on localhost)") == true)
        let part = try await kept.run("echo in", in: ["-Name", "we*"])
        #expect(part.error?.message.contains("there is no kept session of the name we*") == true)
        #expect(part.error?.message.contains("web, WEB") == true)
        let closed = try await kept.psrun("session", "close", "web")
        #expect(closed.ending == .exited(1) && closed.errors.contains("fits several kept sessions"), "\(closed)")
    }

    @Test("A second session of one name is opened, as PowerShell does, and what tells it apart is said")
    func twins() async throws {
        let kept = try KeptPlace()
        let first = try await kept.psrun("session", "open", "web", "--format", "json")
        #expect(first.errors.isEmpty && first.output.contains("\"id\": 1"), "\(first)")
        let second = try await kept.psrun("session", "open", "-Name", "WEB")
        #expect(second.ending == .exited(0) && second.output.contains("\n 2  WEB"), "\(second)")
        #expect(second.errors.contains("another kept session has the name web (id 1)"), "\(second)")
        #expect(second.errors.contains("-Id 2"), "\(second)")
        let id = try #require(try await kept.sessions().last?.instanceId)
        #expect(try await kept.psrun("session", "close", "-InstanceId", id).ending == .exited(0))
        #expect(try await kept.sessions().map(\.id) == [1])
        #expect(try await kept.psrun("session", "close", "-Name", "Web").ending == .exited(0))
    }

    @Test("A broker that says nothing holds up nobody for longer than ConnectingTimeout")
    func silentBroker() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        let broker = try #require(kept.brokers().first)
        kill(broker, SIGSTOP)
        defer { kill(broker, SIGCONT) }
        for (words, code) in [(["list"], 1), (["close", "web"], 1), (["close", "--all"], 1), (["open", "two"], 4)] {
            let began = ContinuousClock.now
            let outcome = try await kept.place.psrun(
                ["session"] + words + ["-ConnectingTimeout", "700"],
                environment: kept.environment
            )
            #expect(outcome.ending == .exited(Int32(code)), "\(words): \(outcome)")
            #expect(outcome.errors.contains("does not answer"), "\(words): \(outcome)")
            #expect(ContinuousClock.now - began >= .milliseconds(700), "\(words)")
        }
        kill(broker, SIGCONT)
        #expect(try await kept.sessions().map(\.name) == ["web"])
        // One that runs is not to be ended, however little time it was given.
        let hasty = try await kept.psrun("session", "close", "web", "-ConnectingTimeout", "1")
        let isTold = hasty.errors.contains("did you mean 1 s?") && !hasty.errors.contains("kill")
        #expect(hasty.ending == .exited(0) || isTold, "\(hasty)")
    }

    @Test("Names of kept sessions are what a shell is offered")
    func candidates() async throws {
        let kept = try KeptPlace()
        #expect(try await kept.psrun("completions", "sessions").output.isEmpty)
        _ = try await kept.psrun("session", "open", "two words")
        _ = try await kept.psrun("session", "open", "web")
        #expect(try await kept.psrun("completions", "sessions").output == "two words\nweb\n")
    }

    @Test("A busy session is waited for, under ConnectingTimeout")
    func busy() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        let first = try kept.start("-c", "sleep 3; z=1", "-Name", "web")
        try await kept.until { try await kept.sessions().first?.state == "busy" }
        let busy = try #require(try await kept.sessions().first)
        #expect(busy.idleSince == nil && busy.visitorSince != nil)
        let who = "process \(try #require(busy.visitorPid))"
        #expect(try await kept.psrun("session", "list").output.contains("\(who) is in it since"))
        let second = try await kept.run("echo in", in: ["-Name", "web", "-ConnectingTimeout", "700"])
        #expect(second.outcome == "unreachable" && second.phase == "session")
        #expect(second.error?.code == "ConnectingTimeout")
        #expect(second.error?.message.contains("\(who) was in it when this run came, for ") == true, "\(second)")
        #expect(try await kept.run("echo $z", in: ["-Name", "web"]).steps.first?.output == "1\n")
        #expect(try await first.outcome().ending == .exited(0))
    }

    @Test("A client that is killed has its line stopped, and the session lives")
    func killedClient() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        let mark = "\(900_000 + getpid() % 100_000)"
        let first = try kept.start("-c", "q=8; sleep \(mark); q=9", "-Name", "web")
        try await kept.until { try await kept.sessions().first?.state == "busy" && isSleeping(mark) }
        first.signal(SIGKILL)
        try await kept.until { !isSleeping(mark) }
        #expect(try await kept.run("echo $q", in: ["-Name", "web"]).steps.first?.output == "8\n")
        #expect(try await kept.sessions().first?.state == "available")
        _ = try await first.outcome()
    }

    @Test("A broker that is killed ends its sessions: nothing hangs, and the next call says so")
    func killedBroker() async throws {
        let kept = try KeptPlace()
        _ = try await kept.psrun("session", "open", "web")
        let mark = "\(800_000 + getpid() % 100_000)"
        let visitor = try kept.start("-c", "sleep \(mark)", "-Name", "web")
        try await kept.until { isSleeping(mark) }
        let broker = try #require(kept.brokers().first)
        kill(broker, SIGKILL)
        let outcome = try await visitor.outcome(within: 20)
        #expect(outcome.ending == .exited(1) && outcome.errors.contains("session:web"), "\(outcome)")
        #expect(
            outcome.errors.contains("the broker of kept sessions has ended, and its sessions with it"),
            "\(outcome)"
        )
        #expect(outcome.errors.contains("was running, so that it may have run"), "\(outcome)")
        try await kept.until { !isSleeping(mark) }
        let next = try await kept.psrun("-c", "echo in", "-Name", "web")
        #expect(next.ending == .exited(4), "\(next)")
        #expect(
            next.errors.contains("the broker has ended without closing its sessions, and 1 kept session"),
            "\(next)"
        )
        #expect(try await kept.sessions().isEmpty)
        #expect(try await kept.psrun("session", "open", "web").ending == .exited(0))
        #expect(try await kept.run("echo new", in: ["-Name", "web"]).outcome == "ok")
    }

    @Test("What psrun says of a command line that cannot be meant")
    func usage() async throws {
        let kept = try KeptPlace()
        for (words, expected) in [
            (["session", "shut"], "has no 'shut'"), (["session", "open"], "NAME is missing"),
            (["session", "close"], "--id N or --all"), (["session", "close", "a", "--all"], "give one"),
            (["session", "list", "a"], "takes no name"), (["session", "list", "-Id", "1"], "takes no name"),
            (["session", "close", "id", "1"], "psrun session close --id 1"),
            (["session", "close", "-Id", "1", "a"], "give one"),
            (["session", "open", "a", "-Id", "1"], "is given its ids"),
            (["session", "list", "--host", "a"], "goes with psrun session open"),
            (["session", "open", "a", "--all"], "go with psrun session close"),
            (["-c", "1", "-Name", "a", "-HostName", "b"], "cannot be used together"),
            (["-c", "1", "-Name", "a", "-Id", "1"], "cannot be used together"),
            (["-c", "1", "-Name", "a", "--process", "1"], "give one"),
        ] {
            let outcome = try await kept.place.psrun(words, environment: kept.environment)
            #expect(outcome.ending == .exited(2) && outcome.errors.contains(expected), "\(words): \(outcome)")
        }
        let dry = try await kept.psrun("-c", "echo in", "-Name", "web", "--dry-run", "--format", "json")
        #expect(dry.output.contains("\"targets\":[\"session:web\"]"), "\(dry)")
        #expect(kept.brokers().isEmpty)
    }

    /// Whether a program runs that sleeps for so long.
    private func isSleeping(_ seconds: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.contains { name in
            pid_t(name) != nil && (try? text(of: "/proc/\(name)/cmdline"))?.hasSuffix("sleep\0\(seconds)\0") == true
        }
    }
}
