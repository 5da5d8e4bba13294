import Connections
import PSRunTestSupport
import SSHTransport

/// A server on loopback with a subsystem for each far program, and sessions on it.
struct SSHFixture {
    let server: SSHServer
    private let programs: TemporaryFolder

    init(settings: [String] = []) async throws {
        programs = try TemporaryFolder()
        var subsystems: [String: String] = [:]
        for program in FarProgram.allCases {
            subsystems["\(program)"] = "/bin/sh \(try programs.write(program.rawValue, to: "\(program)"))"
        }
        server = try await SSHServer(subsystems: subsystems, settings: settings)
    }

    /// Options that trust the server and log in with a key.
    func options(
        _ program: FarProgram = .echo,
        key: String? = nil,
        hasKey: Bool = true,
        adding more: [String] = [],
        credentials: CredentialSource = .none
    ) -> SSHOptions {
        SSHOptions(
            keyFile: hasKey ? key ?? server.key : nil,
            service: .subsystem("\(program)"),
            options: more + ["UserKnownHostsFile=\(server.knownHosts)", "GlobalKnownHostsFile=none"],
            configurationFile: "none",
            credentials: credentials
        )
    }

    func target(_ host: String = "127.0.0.1") -> SSHTarget {
        SSHTarget(host: host, port: UInt16(server.port), user: server.user)
    }

    func environment(_ options: SSHOptions, agentSocket: String? = nil) -> SSHEnvironment {
        makeEnvironment(options, home: server.folder.path, agentSocket: agentSocket)
    }

    func transport(
        _ options: SSHOptions,
        host: String = "127.0.0.1",
        agentSocket: String? = nil
    ) throws -> SSHSessionTransport {
        try makeTransport(to: target(host), environment(options, agentSocket: agentSocket))
    }

    /// Logs in, sends a line through `cat`, and gets it back.
    func echoes(_ options: SSHOptions, host: String = "127.0.0.1", agentSocket: String? = nil) async throws -> Bool {
        try await transport(options, host: host, agentSocket: agentSocket).echoes()
    }
}

func makeEnvironment(_ options: SSHOptions, home: String, agentSocket: String? = nil) -> SSHEnvironment {
    let variables = agentSocket.map { ["SSH_AUTH_SOCK": $0] } ?? [:]
    return SSHEnvironment(
        options: options,
        facts: .init(home: home, user: "nobody", environment: variables),
        warn: { _ in }
    )
}

func makeTransport(to target: SSHTarget, _ environment: SSHEnvironment) throws -> SSHSessionTransport {
    SSHSessionTransport(target: target, environment: environment, loop: try TestLoops.next())
}

extension ByteTransport {
    /// Logs in and gets several lines back, one after the other.
    func echoesSeveral(_ count: Int, apart pause: Duration) async throws {
        let deadline = ConnectingDeadline(.seconds(20), on: RunClock())
        try await withConnection(timeline: ConnectionTimeline(), deadline: deadline) { connection in
            for _ in 0..<count {
                try await connection.send(Array("a line\n".utf8))
                _ = try await connection.receive()
                try await Task.sleep(for: pause)
            }
        }
    }

    func echoes(timeline: ConnectionTimeline = ConnectionTimeline()) async throws -> Bool {
        try await withConnection(timeline: timeline, deadline: ConnectingDeadline(.seconds(20), on: RunClock())) {
            connection in
            try await connection.send(Array("a line\n".utf8))
            return try await connection.receive() == .output(Array("a line\n".utf8))
        }
    }
}
