import Connections
import PSRunTestSupport
import SSHTransport
import Testing

struct JumpHostTests {
    private let far: SSHFixture
    private let near: SSHFixture
    private let folder: TemporaryFolder
    private let knownHosts: String

    init() async throws {
        far = try await SSHFixture()
        near = try await SSHFixture()
        folder = try TemporaryFolder()
        // One key logs in everywhere.
        try near.server.folder.write(try text(of: "\(far.server.key).pub"), to: "authorized_keys")
        knownHosts = try folder.write(
            try text(of: far.server.knownHosts) + text(of: near.server.knownHosts),
            to: "known_hosts"
        )
    }

    private func options(jumpHosts: String?, configuration: String? = nil) throws -> SSHOptions {
        var options = far.options()
        options.options = ["UserKnownHostsFile=\(knownHosts)", "GlobalKnownHostsFile=none"]
        options.jumpHosts = jumpHosts
        if let configuration { options.configurationFile = try folder.write(configuration, to: "config") }
        return options
    }

    private var jump: String { "\(near.server.user)@127.0.0.1:\(near.server.port)" }

    private func environment(_ options: SSHOptions) -> SSHEnvironment {
        makeEnvironment(options, home: folder.path)
    }

    @Test("A fleet on several loops shares one connection to its jump host")
    func aFleetSharesOneConnection() async throws {
        let environment = environment(try options(jumpHosts: jump))
        let target = far.target()
        let echoes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { try await makeTransport(to: target, environment).echoes() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(echoes == [Bool](repeating: true, count: 8))
        #expect(await environment.jumpConnectionCount == 1)
        await environment.close()
        #expect(try near.server.log().matches(of: /Accepted publickey/).count == 1)
        #expect(try far.server.log().matches(of: /Accepted publickey/).count == 8)
    }

    /// Served whenever one of them was, each way on once made a call of the system: 40 targets made 51,204.
    @Test("A target behind a jump host costs as many reads beside 39 others as beside three")
    func readsPerTarget() async throws {
        var perTarget: [Double] = []
        for count in [4, 40] {
            let environment = environment(try options(jumpHosts: jump))
            let target = far.target()
            // What is made once is not counted.
            #expect(try await makeTransport(to: target, environment).echoes())
            let before = try readCalls()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<count {
                    group.addTask {
                        // sshd refuses logins of more than ten at once.
                        try await Task.sleep(for: .milliseconds(40 * index))
                        try await makeTransport(to: target, environment).echoesSeveral(20, apart: .milliseconds(50))
                    }
                }
                try await group.waitForAll()
            }
            perTarget.append(Double(try readCalls() - before) / Double(count))
            await environment.close()
        }
        #expect(perTarget[1] <= 1.2 * perTarget[0], "\(perTarget)")
    }

    /// What this process has made of calls that read (proc(5), /proc/pid/io).
    private func readCalls() throws -> Int {
        let line = try text(of: "/proc/self/io").split(separator: "\n").first { $0.hasPrefix("syscr: ") }
        return try #require(line.flatMap { Int($0.dropFirst("syscr: ".count)) })
    }

    @Test("Megabytes pass through a jump host")
    func megabytesPassThrough() async throws {
        let environment = environment(try options(jumpHosts: jump))
        let target = far.target()
        let conformance = TransportConformance(carriesDiagnostics: false) { _ in
            try makeTransport(to: target, environment)
        }
        try await conformance.echoesMegabytes()
        await environment.close()
    }

    @Test("Two jump hosts stand one behind the other")
    func twoJumpsOneBehindTheOther() async throws {
        let environment = environment(try options(jumpHosts: "\(jump),\(jump.replacing("127.0.0.1", with: "[::1]"))"))
        #expect(try await makeTransport(to: far.target(), environment).echoes())
        #expect(await environment.jumpConnectionCount == 2)
        await environment.close()
    }

    @Test("ProxyJump of the configuration is honoured")
    func proxyJumpOfTheConfiguration() async throws {
        let configuration = """
            Host far
              HostName 127.0.0.1
              Port \(far.server.port)
              User \(far.server.user)
              ProxyJump near
            Host near
              HostName 127.0.0.1
              Port \(near.server.port)
              User \(near.server.user)
            """
        let environment = environment(try options(jumpHosts: nil, configuration: configuration))
        #expect(try await makeTransport(to: SSHTarget(host: "far"), environment).echoes())
        #expect(await environment.jumpConnectionCount == 1)
        await environment.close()
    }

    @Test("Jump hosts that lead in a circle are an error")
    func jumpsInACircleEnd() async throws {
        let environment = environment(try options(jumpHosts: nil, configuration: "Host *\nProxyJump near\n"))
        let error = await #expect(throws: TransportError.self) {
            _ = try await makeTransport(to: SSHTarget(host: "far"), environment).echoes()
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("lead back to themselves") == true)
        await environment.close()
    }

    @Test("A host that the jump host cannot reach is an error that names both")
    func aHostBehindTheJumpThatIsNotThere() async throws {
        let environment = environment(try options(jumpHosts: jump))
        let port = try SSHServer.freePort()
        let target = SSHTarget(host: "127.0.0.1", port: UInt16(port), user: far.server.user)
        let error = await #expect(throws: TransportError.self) {
            _ = try await makeTransport(to: target, environment).echoes()
        }
        #expect(error?.code == .connectionFailed)
        #expect(error?.phase == .tcp)
        #expect(error?.message.contains("the jump host cannot connect to 127.0.0.1 port \(port)") == true)
        await environment.close()
    }

    @Test("A ProxyCommand that brings nothing is named")
    func aProxyCommandThatBringsNothingIsNamed() async throws {
        let fixture = try await SSHFixture()
        var options = fixture.options()
        options.options.append("ProxyCommand=exit 1")
        let error = await #expect(throws: TransportError.self) { _ = try await fixture.echoes(options) }
        #expect(error?.phase == .banner)
        #expect(error?.message.contains("ProxyCommand brings none") == true, "\(String(describing: error))")
    }

    @Test("A ProxyCommand carries the connection")
    func aProxyCommandCarriesTheConnection() async throws {
        var options = try options(jumpHosts: nil)
        let command = """
            /usr/bin/ssh -F none -i \(far.server.key) -o UserKnownHostsFile=\(knownHosts) -W %h:%p \
            -p \(near.server.port) \(near.server.user)@127.0.0.1
            """
        options.options.append("ProxyCommand=\(command)")
        let environment = environment(options)
        #expect(try await makeTransport(to: far.target(), environment).echoes())
    }
}
