import Connections
import PSRunTestSupport
import Synchronization
import Testing

@testable import SSHTransport

/// One name that leads to two servers with keys of their own: what was accepted once in a run is that host's key.
struct AcceptedHostKeyTests {
    private let first: SSHFixture
    private let second: SSHFixture
    private let files: TemporaryFolder

    init() async throws {
        first = try await SSHFixture()
        second = try await SSHFixture()
        files = try TemporaryFolder()
    }

    private var knownHosts: String { files.path(of: "known_hosts") }

    private func environment(_ check: HostKeyCheck, file: String? = nil) -> SSHEnvironment {
        var options = first.options(adding: ["HostKeyAlias=name"])
        options.options = [
            "HostKeyAlias=name", "UserKnownHostsFile=\(file ?? knownHosts)", "GlobalKnownHostsFile=none",
        ]
        options.hostKeyCheck = check
        return makeEnvironment(options, home: files.path)
    }

    private func failure(_ target: SSHTarget, _ environment: SSHEnvironment) async throws -> TransportError? {
        do {
            _ = try await makeTransport(to: target, environment).echoes()
            return nil
        } catch let error as TransportError {
            return error
        }
    }

    @Test(
        "The second key of one name is refused as changed, and is not written down",
        arguments: [HostKeyCheck.acceptNew, .no]
    )
    func theSecondIsRefused(check: HostKeyCheck) async throws {
        let environment = environment(check)
        #expect(try await failure(first.target(), environment) == nil)
        let error = try await failure(second.target(), environment)
        #expect(error?.code == .hostKeyChanged)
        #expect(error?.phase == .hostKey)
        #expect(error?.message.contains("within this run") == true)
        // The first one is still good.
        #expect(try await failure(first.target(), environment) == nil)
        let written = (try? text(of: knownHosts)) ?? ""
        #expect(written == (check == .no ? "" : "name \(first.server.hostKey)\n"))
    }

    @Test("Where no file is written the run itself remembers")
    func withoutAFile() async throws {
        let environment = environment(.acceptNew, file: "/dev/null")
        #expect(try await failure(first.target(), environment) == nil)
        #expect(try await failure(second.target(), environment)?.code == .hostKeyChanged)
    }

    @Test("Of two at once one is accepted")
    func atOnce() async throws {
        let environment = environment(.acceptNew)
        let codes = try await withThrowingTaskGroup(of: TransportError.Code?.self) { group in
            for target in [first.target(), second.target()] {
                group.addTask { try await failure(target, environment)?.code }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        // The key of the second server is not this key's, so it may be refused later than that.
        #expect(codes.filter { $0 == .hostKeyChanged }.count == 1, "\(codes)")
        #expect(try text(of: knownHosts).split(separator: "\n").count == 1)
    }

    @Test("A person is asked once about one key of one name, whoever waits for the answer, and never about a second")
    func askedOnce() async throws {
        let asked = Mutex(0)
        var options = first.options()
        options.options = ["HostKeyAlias=name", "UserKnownHostsFile=\(knownHosts)", "GlobalKnownHostsFile=none"]
        options.askAboutHostKey = { _ in
            asked.withLock { $0 += 1 }
            try? await Task.sleep(for: .milliseconds(300))
            return true
        }
        let environment = makeEnvironment(options, home: files.path)
        let target = first.target()
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { try await makeTransport(to: target, environment).echoes() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [true, true, true, true])
        #expect(try await failure(second.target(), environment)?.code == .hostKeyChanged)
        #expect(asked.withLock { $0 } == 1)
    }

    @Test("A host that was accepted by a key of one type is asked for that type again")
    func sameType() async throws {
        let rsa = files.path(of: "rsa")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", rsa])
        #expect(made.ending == .exited(0))
        let fixture = try await SSHFixture(settings: ["HostKey \(rsa)"])
        for hashed in ["no", "yes"] {
            var options = fixture.options()
            options.hostKeyCheck = .acceptNew
            let file = files.path(of: "known-\(hashed)")
            options.options = [
                "UserKnownHostsFile=\(file)", "GlobalKnownHostsFile=none", "HashKnownHosts=\(hashed)",
                "HostKeyAlgorithms=rsa-sha2-512,ssh-ed25519",
            ]
            let environment = makeEnvironment(options, home: files.path)
            for _ in 0..<2 { #expect(try await makeTransport(to: fixture.target(), environment).echoes()) }
            #expect(try text(of: file).matches(of: /ssh-rsa/).count == 1)
        }
    }
}
