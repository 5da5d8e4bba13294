import Connections
import Files
import PSRunTestSupport
import Synchronization
import Testing

@testable import SSHTransport

/// SSH over vsock(7). No test connects such a socket: a Unix socket stands in for the kernel's.
struct VsockTests {
    /// A machine by the name of web, whose SSH server is reached at a socket.
    private func transport(
        _ fixture: SSHFixture,
        socket: String,
        seen: @escaping @Sendable (VsockAddress) -> Void = { _ in }
    ) throws -> SSHSessionTransport {
        let known = try fixture.server.folder.write("web \(fixture.server.hostKey)\n", to: "known_by_name")
        var options = fixture.options(adding: ["UserKnownHostsFile=\(known)", "ProxyCommand=/bin/false", "Port=2222"])
        options.jumpHosts = "nosuch.invalid"
        let address = try #require(UnixAddress(socket))
        let environment = SSHEnvironment(
            options: options,
            facts: .init(home: fixture.server.folder.path, user: "nobody"),
            vsock: { machine in
                seen(machine)
                return SocketAddress(address)
            },
            warn: { _ in }
        )
        let target = SSHTarget(host: "web", user: fixture.server.user).located(onVsock: 7, sharing: options)
        return try makeTransport(to: target, environment)
    }

    @Test("An address is the kernel's structure: family, port and context id, in the order of their bytes here")
    func bytes() {
        let address = VsockAddress(contextID: 0x0102_0304, port: 22)
        #expect(address.bytes == [40, 0, 0, 0, 22, 0, 0, 0, 4, 3, 2, 1, 0, 0, 0, 0])
        #expect(SocketAddress(address).text == "CID 16909060, port 22")
        #expect(SocketAddress(address).withPointer { $1 } == 16)
    }

    @Test("A machine is logged into at its port, known by its name, and no proxy or jump host is in between")
    func login() async throws {
        let fixture = try await SSHFixture()
        let relay = try await PipeServer(Peers.command("unix_stream.py", ["\(fixture.server.port)"]), named: "vsock")
        let seen = Mutex<[VsockAddress]>([])
        let transport = try transport(fixture, socket: relay.path) { address in seen.withLock { $0.append(address) } }
        let timeline = ConnectionTimeline()
        #expect(try await transport.echoes(timeline: timeline))
        #expect(seen.withLock { $0 } == [VsockAddress(contextID: 7, port: 2222)])
        #expect(timeline.durations[.vsock] != nil && timeline.durations[.tcp] == nil)
    }

    @Test("A machine that is not reached is told in the phase of that, and the clock holds there and behind it")
    func refused() async throws {
        let fixture = try await SSHFixture()
        let folder = try TemporaryFolder()
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport(fixture, socket: folder.path(of: "none")).echoes()
        }
        #expect(error?.code == .connectionFailed && error?.phase == .vsock)
        #expect(error?.message.contains("cannot connect over vsock") == true, "\(error as Any)")
        let silent = try await PipeServer(["/bin/sleep", "20"], named: "vsock")
        let deadline = ConnectingDeadline(.seconds(1), on: RunClock())
        let late = await #expect(throws: TransportError.self) {
            try await transport(fixture, socket: silent.path)
                .withConnection(timeline: ConnectionTimeline(), deadline: deadline) { _ in }
        }
        #expect(late?.code == .timedOut && late?.phase == .banner, "\(late as Any)")
    }
}
