import Glibc
import PSRunTestSupport
import Testing

/// `-ContainerId`, with rootless podman: containers that have a shell and nothing else.
struct ContainerEntryTests {
    private let site: PodmanSite

    init() async throws {
        site = try await PodmanSite()
    }

    private func psrun(_ arguments: [String], within seconds: Double = 60) async throws -> ProgramOutcome {
        try await site.place.psrun(arguments, environment: site.environment, within: seconds)
    }

    /// Waits until nothing but the container's own is left in it.
    private func isClean(_ container: String) async throws -> Bool {
        for _ in 0..<100 {
            if try await site.processes(in: container).isEmpty { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    @Test("A container with a shell alone is entered by its name or its whole id, keeps state, and is left clean")
    func shell() async throws {
        let id = try await site.start("web")
        let playbook = try site.place.playbook("cd /tmp\necho $PWD; echo err >&2\nsleep 300 &\nexit 3\n", named: "p.sh")
        for name in ["web", id] {
            let outcome = try await psrun([playbook, "-ContainerId", name, "--format", "json"])
            #expect(outcome.ending == .exited(1), "\(outcome)")
            let target = try outcome.onlyTarget()
            #expect(target.target == "container:\(name)" && target.exitCode == 3, "\(outcome)")
            #expect(target.steps.dropFirst().first?.output?.hasPrefix("/tmp\n") == true, "\(outcome)")
            for phase in ["engine", "inspect", "exec", "shell", "guard", "psrp_open"] {
                #expect(target.phasesUs[phase] != nil, "\(phase)")
            }
            #expect(try await isClean("web"))
        }
        let verified = try await psrun(["verify", "last"])
        #expect(verified.ending == .exited(0), "\(verified)")
        let replayed = try await psrun(["replay", "last", "--instant"])
        #expect(replayed.output.contains("/tmp"), "\(replayed)")
    }

    @Test("What cannot be entered is told by name: unknown, a beginning of an id, not running, paused")
    func refused() async throws {
        let id = try await site.start("web")
        try await site.podman("create", "--name", "idle", "--network", "none", "test/image:1", "/bin/true")
        let names = ["nosuch", String(id.prefix(12)), "idle"]
        let outcome = try await psrun(
            ["-c", "true", "--any-shell", "--format", "json"] + names.flatMap { ["--container-id", $0] }
        )
        #expect(outcome.ending == .exited(4), "\(outcome)")
        let targets = try outcome.report().targets
        let codes = ["ContainerUnknown", "ContainerUnknown", "ContainerNotRunning"]
        #expect(targets.map { $0.error?.code } == codes && targets.allSatisfy { $0.phase == "inspect" }, "\(outcome)")
        #expect(targets[1].error?.message.contains("only the beginning of an id, that of web") == true, "\(outcome)")
    }

    @Test("A session in a container stays open, and nothing is left there once it is closed")
    func kept() async throws {
        try await site.start("web")
        let runtime = try site.place.folder.makeFolder("runtime")
        let environment = site.environment.merging(["XDG_RUNTIME_DIR": runtime]) { one, _ in one }
        func run(_ words: [String]) async throws -> ProgramOutcome {
            try await site.place.psrun(words, environment: environment, within: 60)
        }
        let opened = try await run(["session", "open", "box", "-ContainerId", "web", "--connecting-timeout", "30s"])
        #expect(opened.ending == .exited(0) && opened.output.contains("container:web"), "\(opened)")
        _ = try await run(["-c", "x=5; cd /tmp", "-Name", "box"])
        let visit = try await run(["-c", "echo $x $PWD", "-Name", "box", "--format", "json"])
        #expect(try visit.onlyTarget().steps.first?.output == "5 /tmp\n", "\(visit)")
        #expect(try await run(["session", "close", "box"]).ending == .exited(0))
        #expect(try await isClean("web"))
    }

    @Test("psrun that is killed at any moment leaves nothing behind in the container")
    func killed() async throws {
        try await site.start("web")
        for milliseconds in [100, 300, 500, 700, 900, 1_200, 1_600, 2_500] {
            let run = try site.place.start(
                ["-c", "sleep 300 & sleep 300", "--any-shell", "-ContainerId", "web"],
                environment: site.environment
            )
            try await Task.sleep(for: .milliseconds(milliseconds))
            run.signal(SIGKILL)
            _ = try await run.outcome()
            // What was being started may begin yet.
            try await Task.sleep(for: .seconds(1))
            #expect(try await isClean("web"), "killed after \(milliseconds) ms")
        }
    }

    @Test("psrun that is stopped, or runs out of time, leaves nothing behind in the container")
    func stopped() async throws {
        try await site.start("web")
        let line = "trap '' INT TERM HUP; sleep 300 & sleep 300"
        let late = try await psrun(
            ["-c", line, "--any-shell", "-ContainerId", "web", "--step-timeout", "1s", "--grace", "2s"]
        )
        #expect(late.ending == .exited(124), "\(late)")
        #expect(try await isClean("web"))
        let run = try site.place.start(
            ["-c", line, "--any-shell", "-ContainerId", "web", "--grace", "2s"],
            environment: site.environment
        )
        for _ in 0..<200 where try await site.processes(in: "web").count < 3 {
            try await Task.sleep(for: .milliseconds(50))
        }
        run.signal(SIGINT)
        #expect(try await run.outcome(within: 60).ending == .exited(130))
        #expect(try await isClean("web"))
    }

    @Test("An inventory's ansible_connection=podman enters the container that ansible_host names")
    func inventory() async throws {
        try await site.start("web")
        let inventory = try site.place.folder.write(
            "app ansible_connection=containers.podman.podman ansible_host=web ansible_user=root\n",
            to: "hosts"
        )
        let outcome = try await psrun(["-c", "id -un", "--any-shell", "-i", inventory, "--format", "json"])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let target = try outcome.onlyTarget()
        #expect(target.target == "app" && target.steps.first?.output == "root\n", "\(outcome)")
        // What the recording tells is enough to run it once more.
        let again = try await psrun(["rerun", "last", "--format", "json"])
        #expect(try again.onlyTarget().steps.first?.output == "root\n", "\(again)")
    }

    @Test("The user is the container's own, and root with -RunAsAdministrator; a dry run enters nothing")
    func users() async throws {
        try await site.start("web")
        let root = try await psrun(
            ["-c", "id -u", "--any-shell", "-ContainerId", "web", "-RunAsAdministrator", "--format", "json"]
        )
        #expect(try root.onlyTarget().steps.first?.output == "0\n", "\(root)")
        let dry = try await psrun(["-c", "id -u", "--any-shell", "-ContainerId", "web", "--dry-run"])
        #expect(dry.ending == .exited(0) && dry.output.contains("container:web"), "\(dry)")
        let configured = try await psrun(
            ["-c", "id", "--any-shell", "-ContainerId", "web", "-ConfigurationName", "X", "--format", "json"]
        )
        #expect(try configured.onlyTarget().error?.code == "ConfigurationUnusable", "\(configured)")
    }
}
