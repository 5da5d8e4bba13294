import Connections
import Glibc
import PSRunTestSupport
import SSHTransport
import Synchronization
import Testing

/// Passwords and keyboard-interactive, against a server written on asyncssh.
struct PasswordTests {
    private let folder: TemporaryFolder
    private let needs = NeedLog()

    private final class NeedLog: Sendable {
        private let asked = Mutex<[CredentialSource.Need]>([])
        func add(_ need: CredentialSource.Need) { asked.withLock { $0.append(need) } }
        var all: [CredentialSource.Need] { asked.withLock { $0 } }
    }

    private final class Server: Sendable {
        let port: UInt16
        private let process: ChildProgram

        init(_ mode: String, in folder: TemporaryFolder) async throws {
            let key = folder.path(of: "host_key")
            let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
            guard made.ending == .exited(0) else { throw TestSupportError("ssh-keygen: \(made)") }
            let file = folder.path(of: "port")
            process = try ChildProgram(Peers.command("password_server.py", [file, key, mode]))
            var found: UInt16?
            for _ in 0..<1000 where found == nil {
                found = (try? text(of: file)).flatMap { UInt16($0) }
                if found == nil { try await Task.sleep(for: .milliseconds(10)) }
            }
            guard let found else { throw TestSupportError("password_server.py: \(try process.errorsSoFar())") }
            port = found
        }

        deinit {
            process.signal(SIGKILL)
            _ = try? process.wait(seconds: 5)
        }

        func log() throws -> String { try process.errorsSoFar() }
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func transport(
        _ server: Server,
        password: String?,
        token: String? = nil
    ) throws -> SSHSessionTransport {
        let needs = self.needs
        let source = CredentialSource { need in
            needs.add(need)
            switch need {
            case .password: return password.map { Secret($0) }
            case .answer: return token.map { Secret($0) }
            case .passphrase: return nil
            }
        }
        var options = SSHOptions(subsystem: "echo", configurationFile: "none", hostKeyCheck: .no, credentials: source)
        options.options = ["UserKnownHostsFile=none", "GlobalKnownHostsFile=none"]
        let environment = makeEnvironment(options, home: folder.path)
        let target = SSHTarget(host: "127.0.0.1", port: server.port, user: "op")
        return try makeTransport(to: target, environment)
    }

    @Test("A password logs in")
    func aPasswordLogsIn() async throws {
        let server = try await Server("password", in: folder)
        #expect(try await transport(server, password: "hunter2").echoes())
        #expect(needs.all == [.password(user: "op", host: "127.0.0.1")])
    }

    @Test("A wrong password is tried once")
    func aWrongPasswordIsTriedOnce() async throws {
        let server = try await Server("password", in: folder)
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport(server, password: "hunter3").echoes()
        }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("tried: a password") == true)
        #expect(error?.message.contains("hunter3") == false)
        #expect(try server.log() == "password of op\n")
    }

    @Test("Keyboard-interactive prompts are answered")
    func promptsAreAnswered() async throws {
        let server = try await Server("interactive", in: folder)
        #expect(try await transport(server, password: "hunter2", token: "123").echoes())
        #expect(
            needs.all == [
                .password(user: "op", host: "127.0.0.1"),
                .answer(prompt: "Token: ", echo: true, user: "op", host: "127.0.0.1"),
            ]
        )
    }

    @Test("A prompt that nobody answers ends the login")
    func aPromptWithoutAnAnswerEndsIt() async throws {
        let server = try await Server("interactive", in: folder)
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport(server, password: "hunter2").echoes()
        }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("keyboard-interactive") == true)
    }
}
