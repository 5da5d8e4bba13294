import Glibc
import PSRunTestSupport
import Testing

/// What a run by the clock tells a service manager (sd_notify(3)).
struct ServiceManagerTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    @Test(
        "A manager hears that a run is ready, how far it is, and that it stops, at a path and at an abstract name",
        arguments: [false, true]
    )
    func whole(isAbstract: Bool) async throws {
        let server = try await SSHServer(subsystems: ["powershell": "\(BuiltProgram.path) endpoint"])
        let peer = try NotifyPeer(
            isAbstract ? "@psrun-test-\(UInt64.random(in: 0...UInt64.max))" : place.folder.path(of: "notify")
        )
        let hosts = ["127.0.0.1", "[::1]", "localhost"].flatMap { ["--host", "\(server.user)@\($0):\(server.port)"] }
        let outcome = try await place.psrun(
            ["--cron", try place.playbook("echo $NOTIFY_SOCKET\n", named: "a.sh")] + hosts + server.options(),
            environment: ["NOTIFY_SOCKET": peer.name]
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        let messages = peer.messages()
        #expect(messages.first == "READY=1\nSTATUS=0/3")
        #expect(messages.dropFirst() == ["STATUS=1/3", "STATUS=2/3", "STATUS=3/3", "STOPPING=1"])
    }

    @Test("A sign of life comes at half of what the watchdog waits, while a line runs, and for no other process")
    func watchdog() async throws {
        for (process, isMeant) in [(nil, true), ("1", false)] as [(String?, Bool)] {
            let peer = try NotifyPeer("@psrun-test-\(UInt64.random(in: 0...UInt64.max))")
            var environment = ["NOTIFY_SOCKET": peer.name, "WATCHDOG_USEC": "400000"]
            environment["WATCHDOG_PID"] = process
            let outcome = try await place.psrun(
                ["--cron", try place.playbook("sleep 2\n", named: "a.sh")],
                environment: environment
            )
            #expect(outcome.ending == .exited(0), "\(outcome)")
            let signs = peer.messages().count { $0 == "WATCHDOG=1" }
            // Of ten some may come late on a busy machine, and none early.
            #expect(isMeant ? (5...12).contains(signs) : signs == 0, "\(signs)")
        }
    }

    @Test("Programs that a run starts know nothing of the manager, and a run that nobody manages says nothing")
    func hidden() async throws {
        let peer = try NotifyPeer(place.folder.path(of: "notify"))
        let out = place.folder.path(of: "out")
        let playbook = try place.playbook("env | grep -c -e NOTIFY -e WATCHDOG >'\(out)'; true\n", named: "a.sh")
        let managed = try await place.psrun(
            ["--cron", playbook],
            environment: ["NOTIFY_SOCKET": peer.name, "WATCHDOG_USEC": "60000000"]
        )
        #expect(managed.ending == .exited(0), "\(managed)")
        #expect(try text(of: out) == "0\n")
        _ = peer.messages()
        _ = try await place.psrun([playbook], environment: ["NOTIFY_SOCKET": peer.name])
        #expect(peer.messages() == [])
    }

    @Test("A manager that is not there, or does not read, holds up nothing")
    func absent() async throws {
        let playbook = try place.playbook("echo a\n", named: "a.sh")
        for socket in [place.folder.path(of: "nosuch"), "@nosuch", "nonsense", ""] {
            let outcome = try await place.psrun(["--cron", playbook], environment: ["NOTIFY_SOCKET": socket])
            #expect(outcome.ending == .exited(0) && outcome.output + outcome.errors == "", "\(outcome)")
        }
    }
}
