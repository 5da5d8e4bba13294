import Glibc
import PSRunTestSupport

/// An SSH server that asks for a password, with psrpcore's server behind it (Tests/Peers/password_server.py).
final class PasswordServer: Sendable {
    /// What leads psrun there.
    let arguments: [String]
    /// What psrun calls it.
    let target: String
    private let process: ChildProgram

    /// Starts it and waits until it listens.
    /// - Parameter mode: `password` or `interactive`.
    init(_ mode: String, _ password: String, hostKey: String, in folder: TemporaryFolder) async throws {
        let file = folder.path(of: "port")
        process = try ChildProgram(
            Peers.command("password_server.py", [file, hostKey, mode] + Peers.command("psrpcore_server.py")),
            environment: ChildProgram.environment(adding: ["PASSWORD": password])
        )
        var port: String?
        for _ in 0..<1000 where port == nil {
            port = try? text(of: file)
            if port == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        guard let port else { throw TestSupportError("password_server.py: \(try process.errorsSoFar())") }
        target = "op@127.0.0.1:\(port)"
        arguments = ["--host", target, "--host-key-check", "no", "--ssh-config", "none"]
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }
}
