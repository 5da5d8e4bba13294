import Connections
import Glibc
import PSRunTestSupport
import SSHTransport

/// A socket that takes connections, as an agent does, and then says nothing.
final class HangingAgent: Sendable {
    let path: String
    private let folder: TemporaryFolder
    private let descriptor: Int32

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path(of: "agent")
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard status == 0, listen(descriptor, 8) == 0 else { throw TestSupportError("no socket at \(path)") }
    }

    deinit {
        close(descriptor)
    }
}

/// OpenSSH's ssh-agent with some keys.
final class Agent: Sendable {
    let socket: String
    private let folder: TemporaryFolder
    private let process: ChildProgram

    init(keys: [String]) async throws {
        folder = try TemporaryFolder()
        socket = folder.path(of: "agent")
        process = try ChildProgram(["/usr/bin/ssh-agent", "-D", "-a", socket])
        for _ in 0..<500 where access(socket, F_OK) != 0 { try await Task.sleep(for: .milliseconds(10)) }
        let environment = ChildProgram.environment(adding: ["SSH_AUTH_SOCK": socket])
        let outcome = try await ChildProgram.run(["/usr/bin/ssh-add", "-q"] + keys, environment: environment)
        guard outcome.ending == .exited(0) else { throw TestSupportError("ssh-add: \(outcome)") }
    }

    deinit {
        // With SIGTERM it would linger.
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }
}
