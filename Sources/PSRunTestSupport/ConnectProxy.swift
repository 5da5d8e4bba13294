import Glibc

/// A proxy of HTTP's CONNECT on 127.0.0.1 (Tests/Peers/connect_proxy.py).
package final class ConnectProxy: Sendable {
    package let port: Int
    private let folder: TemporaryFolder
    private let process: ChildProgram

    /// - Parameter mode: `open`, `garbage` for an answer that is not HTTP, or the status with which every CONNECT is refused.
    package init(_ mode: String) async throws {
        folder = try TemporaryFolder()
        let file = folder.path(of: "port")
        process = try ChildProgram(Peers.command("connect_proxy.py", [file, mode]))
        var found: Int?
        for _ in 0..<500 where found == nil {
            found = (try? text(of: file)).flatMap { Int($0) }
            if found == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        guard let found else { throw TestSupportError("connect_proxy.py: \(try process.errorsSoFar())") }
        port = found
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }

    /// The first line of each request so far.
    package var log: [String] {
        ((try? text(of: folder.path(of: "port.log"))) ?? "").split(separator: "\n").map(String.init)
    }
}
