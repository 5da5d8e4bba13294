import Connections
import PSRunTestSupport
import SSHTransport
import Testing

/// The deadline holds to within 100 ms against peers that do not do their part, and the error names the phase.
@Suite(.serialized)
struct ClockTests {
    private static let limit = Duration.milliseconds(600)

    /// Connects under a deadline, and checks that it held.
    /// - Returns: the phase that ran out of it; nil for a connection that opened, where one may.
    private func timeOut(
        port: Int,
        _ options: SSHOptions,
        user: String = "nobody",
        agentSocket: String? = nil,
        mayOpen: Bool = false
    ) async throws -> ConnectionPhase? {
        let target = SSHTarget(host: "127.0.0.1", port: UInt16(port), user: user)
        // An attempt that was late counts where the machine left this process running all the while; where it never does,
        // the delay that was measured meanwhile is allowed for.
        for attempt in 1...60 {
            let environment = makeEnvironment(options, home: "/nonexistent", agentSocket: agentSocket)
            let due = ContinuousClock.now + Self.limit
            let deadline = ConnectingDeadline(Self.limit, on: RunClock())
            let delay = SchedulingDelay()
            let error: TransportError?
            do {
                try await makeTransport(to: target, environment).withConnection(
                    timeline: ConnectionTimeline(),
                    deadline: deadline
                ) { _ in }
                error = nil
            } catch let failure as TransportError {
                error = failure
            }
            let late = ContinuousClock.now - due
            let worst = await delay.end()
            if mayOpen, error == nil { return nil }
            #expect(error?.code == .timedOut)
            #expect(late >= .zero)
            let isDisturbed = worst >= .milliseconds(40)
            guard late >= .milliseconds(100), isDisturbed, attempt < 60 else {
                #expect(late < .milliseconds(100) + (isDisturbed ? worst : .zero))
                return error?.phase
            }
        }
        return nil
    }

    @Test(
        "A peer that does not speak is given up when its time is over",
        arguments: [
            (SilentPeer.Way.silent, ConnectionPhase.banner), (.full, .tcp), (.banner, .kex), (.trickle, .banner),
            (.junk, .banner),
        ]
    )
    func aPeerThatDoesNotSpeak(_ way: SilentPeer.Way, _ phase: ConnectionPhase) async throws {
        let peer = try await SilentPeer(way)
        let found = try await timeOut(port: peer.port, SSHOptions(configurationFile: "none"))
        #expect(found == phase)
    }

    /// The server falls silent at the client's nth write: each phase of the connection in turn.
    @Test("A server that falls silent is given up when its time is over")
    func aServerThatFallsSilent() async throws {
        let fixture = try await SSHFixture()
        var phases: Set<ConnectionPhase> = []
        // Two writes may reach the relay as one, and then its last is not an nth: what a sweep missed another one finds.
        for sweep in 0..<5 where sweep == 0 || !phases.isSuperset(of: [.kex, .auth, .channel, .subsystem]) {
            var last = ConnectionPhase.resolve
            for write in 1...9 where last != .subsystem {
                let peer = try await SilentPeer(.relay(port: fixture.server.port, write: write))
                var options = fixture.options()
                options.hostKeyCheck = .no
                options.options = ["UserKnownHostsFile=none", "GlobalKnownHostsFile=none"]
                guard
                    let phase = try await timeOut(port: peer.port, options, user: fixture.server.user, mayOpen: true)
                else { break }
                last = phase
                phases.insert(phase)
            }
        }
        #expect(phases.isSuperset(of: [.kex, .auth, .channel, .subsystem]))
    }

    @Test("An agent that hangs is given up when the connecting time is over")
    func anAgentThatHangs() async throws {
        let fixture = try await SSHFixture()
        let agent = try HangingAgent()
        let options = fixture.options(hasKey: false)
        let phase = try await timeOut(
            port: fixture.server.port,
            options,
            user: fixture.server.user,
            agentSocket: agent.path
        )
        #expect(phase == .auth)
    }

    @Test("A person who does not answer is waited for only as long as is allowed")
    func aPersonWhoDoesNotAnswer() async throws {
        let fixture = try await SSHFixture()
        var options = fixture.options()
        options.options = ["UserKnownHostsFile=none", "GlobalKnownHostsFile=none"]
        options.askAboutHostKey = { _ in
            try? await Task.sleep(for: .seconds(60))
            return true
        }
        let phase = try await timeOut(port: fixture.server.port, options, user: fixture.server.user)
        #expect(phase == .hostKey)
    }

    /// The deadline stands still while a person is asked: whoever takes longer than it may still log in.
    @Test("The clock stands still while a person is asked")
    func aPersonWhoTakesTime() async throws {
        let fixture = try await SSHFixture()
        let clock = RunClock()
        var options = fixture.options()
        options.options = ["UserKnownHostsFile=none", "GlobalKnownHostsFile=none"]
        options.askAboutHostKey = { _ in
            await clock.whileAsking { try? await Task.sleep(for: .milliseconds(3300)) }
            return true
        }
        try await fixture.transport(options).withConnection(
            timeline: ConnectionTimeline(),
            deadline: ConnectingDeadline(.seconds(3), on: clock)
        ) { connection in
            try await connection.send(Array("a line\n".utf8))
            #expect(try await connection.receive() == .output(Array("a line\n".utf8)))
        }
    }

    @Test("ConnectTimeout bounds the handshake where nothing else does", arguments: [SilentPeer.Way.silent, .full])
    func connectTimeout(_ way: SilentPeer.Way) async throws {
        let peer = try await SilentPeer(way)
        let options = SSHOptions(options: ["ConnectTimeout=1"], configurationFile: "none")
        let target = SSHTarget(host: "127.0.0.1", port: UInt16(peer.port), user: "nobody")
        let transport = try makeTransport(to: target, makeEnvironment(options, home: "/nonexistent"))
        let error = await #expect(throws: TransportError.self) {
            try await transport.withConnection(timeline: ConnectionTimeline(), deadline: nil) { _ in }
        }
        #expect(error?.code == .timedOut)
        #expect(error?.message.contains("ConnectTimeout of ssh_config") == true)
    }

    @Test("A password that does not come is given up when its time is over")
    func aPasswordThatDoesNotCome() async throws {
        let fixture = try await SSHFixture(settings: ["PasswordAuthentication yes"])
        let credentials = CredentialSource { _ in
            try await Task.sleep(for: .seconds(60))
            return nil
        }
        let options = fixture.options(hasKey: false, credentials: credentials)
        let phase = try await timeOut(port: fixture.server.port, options, user: fixture.server.user)
        #expect(phase == .auth)
    }
}
