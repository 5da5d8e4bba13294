import Files
import Glibc

/// A process of this user's that is entered through a pipe (Tests/Peers/pipe_server.py); it ends with this value.
package final class PipeServer: Sendable {
    package let path: String
    private let process: ChildProgram
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - command: what serves each client on its standard streams.
    ///   - name: the file's.
    package init(_ command: [String], named name: String = "CoreFxPipe_test") async throws {
        folder = try TemporaryFolder()
        path = folder.path(of: name)
        process = try ChildProgram(Peers.command("pipe_server.py", [path] + command))
        for _ in 0..<500 where !FilePaths.exists(path) { try await Task.sleep(for: .milliseconds(10)) }
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }

    /// The folder that the pipe is in.
    package var folderPath: String { folder.path }
}
