import Connections
import Files
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

        init(_ mode: String, in folder: TemporaryFolder, variables: [String: String] = [:]) async throws {
            let key = folder.path(of: "host_key")
            let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
            guard made.ending == .exited(0) else { throw TestSupportError("ssh-keygen: \(made)") }
            let file = folder.path(of: "port")
            process = try ChildProgram(
                Peers.command("password_server.py", [file, key, mode]),
                environment: ChildProgram.environment(adding: variables)
            )
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
        token: String? = nil,
        user: String = "op"
    ) throws -> SSHSessionTransport {
        let needs = self.needs
        return try transport(
            server,
            .once { need in
                needs.add(need)
                switch need {
                case .password: return password.map { Secret($0) }
                case .answer: return token.map { Secret($0) }
                case .passphrase: return nil
                }
            },
            user: user
        )
    }

    private func transport(
        _ server: Server,
        _ source: CredentialSource,
        user: String = "op",
        adding more: [String] = []
    ) throws -> SSHSessionTransport {
        var options = SSHOptions(
            service: .subsystem("echo"),
            configurationFile: "none",
            hostKeyCheck: .no,
            credentials: source
        )
        options.options = ["UserKnownHostsFile=none", "GlobalKnownHostsFile=none"] + more
        let environment = makeEnvironment(options, home: folder.path)
        let target = SSHTarget(host: "127.0.0.1", port: server.port, user: user)
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

    @Test(
        "The advice names what PreferredAuthentications leaves to be tried",
        arguments: [("password", false, true), ("publickey,password", true, true)]
    )
    func adviceByMethod(preferred: String, namesKeys: Bool, namesPassword: Bool) async throws {
        let server = try await Server("password", in: folder)
        let refused = try transport(
            server,
            .once { _ in Secret("hunter3") },
            adding: ["PreferredAuthentications=\(preferred)"]
        )
        let error = await #expect(throws: TransportError.self) { _ = try await refused.echoes() }
        let message = error?.message ?? ""
        #expect(message.contains("authorized_keys") == namesKeys, "\(message)")
        #expect(message.contains("--password-file") == namesPassword, "\(message)")
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

    @Test("A user's name is taken as it is written", arguments: [#"DOMAIN\op"#, "svc$", "op name", "ünï", "a;b'c"])
    func userNames(name: String) async throws {
        let server = try await Server("password", in: folder, variables: ["USER_NAME": name])
        #expect(try await transport(server, password: "hunter2", user: name).echoes())
    }

    @Test("After a part that the server took, methods begin anew, one that it refused before among them")
    func partialSuccess() async throws {
        let server = try await Server("partial", in: folder)
        let key = folder.path(of: "key")
        let made = try await ChildProgram.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        #expect(made.ending == .exited(0))
        let source = CredentialSource.once { _ in Secret("hunter2") }
        #expect(try await transport(server, source, adding: ["IdentityFile=\(key)"]).echoes())
        let log = try server.log()
        #expect(log.hasPrefix("password of op\nkey of op\n"), "\(log)")
    }

    @Test("One hidden prompt of the only way to give a password is the password's, whatever it is called")
    func passwort() async throws {
        let server = try await Server("german", in: folder)
        #expect(try await transport(server, password: "hunter2").echoes())
        #expect(needs.all == [.password(user: "op", host: "127.0.0.1", prompt: "Passwort: ")])
    }

    @Test("A prompt that nothing answers is quoted")
    func unansweredPrompts() async throws {
        let server = try await Server("german", in: folder)
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport(server, password: nil).echoes()
        }
        #expect(error?.message.contains(#"It asked "Passwort: ""#) == true, "\(String(describing: error))")
    }

    @Test(
        "A person has three tries, or as many as NumberOfPasswordPrompts says",
        arguments: [("password", 3, []), ("interactive", 3, []), ("password", 2, ["NumberOfPasswordPrompts=2"])]
            as [(String, Int, [String])]
    )
    func tries(mode: String, count: Int, options: [String]) async throws {
        let server = try await Server(mode, in: folder)
        let refusals = Mutex<[Int]>([])
        let source = CredentialSource { request in
            if case .answer = request.need { return Secret("123") }
            refusals.withLock { $0.append(request.refusals) }
            return Secret(request.refusals == count - 1 ? "hunter2" : "wrong")
        }
        #expect(try await transport(server, source, adding: options).echoes())
        #expect(refusals.withLock { $0 } == Array(0..<count))
        let wrong = CredentialSource { _ in Secret("wrong") }
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport(server, wrong, adding: options).echoes()
        }
        #expect(error?.code == .authenticationFailed)
        let asked = try server.log().matches(of: mode == "password" ? /password of/ : /challenge of/).count
        #expect(asked == count * 2)
    }

    @Test("BatchMode keeps a person from being asked")
    func batchMode() async throws {
        let server = try await Server("password", in: folder)
        let source = CredentialSource { $0.mayAskPerson ? Secret("hunter2") : nil }
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport(server, source, adding: ["BatchMode=yes"]).echoes()
        }
        #expect(error?.code == .authenticationFailed)
        #expect(try await transport(server, source).echoes())
    }
}
