import Connections
import PSRunTestSupport
import Testing

@testable import SSHTransport

struct SSHTransportTests {
    /// The kit, over one server.
    @Test("SSH passes the conformance kit of every way in")
    func conforms() async throws {
        let fixture = try await SSHFixture()
        let conformance = TransportConformance(carriesDiagnostics: false) { program in
            try fixture.transport(fixture.options(program))
        }
        try await conformance.echoesMessages()
        try await conformance.tellsStreamsAndStatus()
        try await conformance.echoesMegabytes()
        try await conformance.keepsWhatWaits()
        try await conformance.bodyMayThrow()
        try await conformance.cancellationEndsIt()
    }

    @Test("So does a command over an exec channel, with standard error and the far program's status")
    func commandConforms() async throws {
        let fixture = try await SSHFixture()
        let conformance = TransportConformance { program in
            var options = fixture.options()
            options.service = .command(program.rawValue)
            return try fixture.transport(options)
        }
        try await conformance.echoesMessages()
        try await conformance.tellsStreamsAndStatus()
        try await conformance.echoesMegabytes()
        try await conformance.keepsWhatWaits()
        try await conformance.bodyMayThrow()
        try await conformance.cancellationEndsIt()
    }

    @Test("A command that a server does not start is told with what may forbid it")
    func refusedCommand() {
        let error = SSHService.command("pwsh -sshs").refusal(by: "web01")
        #expect(error.code == .commandRefused && error.phase == .subsystem)
        #expect(error.message.contains(#"web01: the server does not start the command "pwsh -sshs" of --exec"#))
        #expect(error.message.contains("authorized_keys"))
    }

    @Test("The signal that ended the far process is told")
    func aSignalIsTold() async throws {
        let fixture = try await SSHFixture()
        let transport = try fixture.transport(fixture.options(.killed))
        let input = try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
            try await connection.receive()
        }
        #expect(input == .end(.signal("TERM")))
    }

    @Test("An output that ends is the end, though its process goes on")
    func anOutputThatEndsIsTheEndThoughItsProcessGoesOn() async throws {
        let fixture = try await SSHFixture()
        let transport = try fixture.transport(fixture.options(.mute))
        let input = try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
            try await connection.receive()
        }
        #expect(input == .end(.unknown))
    }

    @Test("A server that only answers whether it lives is not given up, however quickly it answers")
    func quickAnswersAreHeard() async throws {
        let fixture = try await SSHFixture()
        var options = fixture.options(.deaf)
        options.options += ["ServerAliveInterval=1", "ServerAliveCountMax=2"]
        let transport = try fixture.transport(options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { connection in
                        _ = try await connection.receive()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("Whatever was received is an answer; without any, it is asked once, and given up after so many intervals")
    func keepaliveClock() {
        var clock = KeepaliveClock(countMax: 2)
        let seen = [0, 0, 0, 28, 28, 56, 56, 56, 56].map { clock.tick(received: $0) }
        let wanted: [KeepaliveClock.Action] = [
            .wait, .ask(isFirst: true), .wait, .wait, .ask(isFirst: false), .wait, .ask(isFirst: false), .wait,
            .lost(ticks: 3),
        ]
        #expect(seen == wanted)
    }

    /// What stands between lets nothing through from some write on, and says nothing of it.
    @Test("A server that is gone is noticed", .timeLimit(.minutes(1))) func aServerThatIsGoneIsNoticed() async throws {
        let fixture = try await SSHFixture()
        let peer = try await SilentPeer(.relay(port: fixture.server.port, write: 12))
        var options = fixture.options(adding: ["ServerAliveInterval=1", "ServerAliveCountMax=2"])
        options.hostKeyCheck = .no
        options.options.removeAll { $0.hasPrefix("UserKnownHostsFile") }
        options.options.append("UserKnownHostsFile=none")
        let target = SSHTarget(host: "127.0.0.1", port: UInt16(peer.port), user: fixture.server.user)
        let transport = try makeTransport(to: target, fixture.environment(options))
        let error = await #expect(throws: TransportError.self) {
            try await transport.withConnection(
                timeline: ConnectionTimeline(),
                deadline: ConnectingDeadline(.seconds(20), on: RunClock())
            ) {
                connection in
                // The relay stops among these writes.
                for _ in 0..<20 {
                    try await connection.send(Array("a line\n".utf8))
                    try await Task.sleep(for: .milliseconds(10))
                }
                while case .output = try await connection.receive() {}
            }
        }
        #expect(error?.code == .connectionLost)
        #expect(error?.message.contains("the server has not answered for 3 seconds") == true, "\(error as Any)")
    }

    @Test("Addresses and names of both families are connected to", arguments: ["127.0.0.1", "::1", "localhost"])
    func itConnectsTo(_ host: String) async throws {
        let fixture = try await SSHFixture()
        #expect(try await fixture.echoes(fixture.options(), host: host))
    }

    @Test("Every phase of a connection is timed")
    func everyPhaseIsTimed() async throws {
        let fixture = try await SSHFixture()
        let timeline = ConnectionTimeline()
        #expect(try await fixture.transport(fixture.options()).echoes(timeline: timeline))
        let phases = ConnectionPhase.ofSSH
        #expect(timeline.durations.keys.sorted() == phases)
        #expect(timeline.current == nil)
    }

    @Test("A subsystem that is missing is named")
    func aMissingSubsystemIsNamed() async throws {
        let fixture = try await SSHFixture()
        var options = fixture.options()
        options.service = .subsystem("powershell")
        let error = await #expect(throws: TransportError.self) { try await fixture.echoes(options) }
        #expect(error?.code == .subsystemMissing)
        #expect(error?.phase == .subsystem)
        #expect(error?.message.contains("Subsystem powershell /usr/bin/psrun-endpoint") == true)
    }

    @Test("A port that refuses is named with its phase")
    func aRefusedPortIsNamed() async throws {
        let port = try SSHServer.freePort()
        let environment = makeEnvironment(SSHOptions(configurationFile: "none"), home: "/nonexistent")
        let target = SSHTarget(host: "127.0.0.1", port: UInt16(port), user: "nobody")
        let error = await #expect(throws: TransportError.self) {
            try await makeTransport(to: target, environment).echoes()
        }
        #expect(error?.code == .connectionFailed)
        #expect(error?.phase == .tcp)
        #expect(error?.message.contains("127.0.0.1: Connection refused") == true)
    }

    @Test("A name that does not resolve is named with its phase")
    func anUnknownNameIsNamed() async throws {
        let environment = makeEnvironment(SSHOptions(configurationFile: "none"), home: "/nonexistent")
        let target = SSHTarget(host: "no-such-host.invalid", user: "nobody")
        let error = await #expect(throws: TransportError.self) {
            try await makeTransport(to: target, environment).echoes()
        }
        #expect(error?.code == .nameNotResolved)
        #expect(error?.phase == .resolve)
    }
}
