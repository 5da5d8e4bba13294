import Files
import Glibc

/// A virtual machine's channel, and what serves it (Tests/Peers/channel_server.py); it ends with this value.
package final class ChannelPeer: Sendable {
    package let path: String
    private let process: ChildProgram
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - command: what serves each client on its standard streams.
    ///   - user: who it says that it runs as; nil answers nobody.
    ///   - leftover: bytes that each client finds there.
    package init(_ command: [String], user: String?, leftover: Int = 0) async throws {
        folder = try TemporaryFolder()
        path = folder.path(of: "org.psrun.0")
        process = try ChildProgram(
            Peers.command("channel_server.py", [path, user ?? "-", "\(leftover)"] + command)
        )
        for _ in 0..<500 where !FilePaths.exists(path) { try await Task.sleep(for: .milliseconds(10)) }
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }
}
