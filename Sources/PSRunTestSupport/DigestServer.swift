import Glibc

/// A web server that asks for Digest (Tests/Peers/digest_server.sh).
package final class DigestServer: Sendable {
    package enum Program: String, Sendable, CaseIterable {
        /// MD5.
        case apache
        /// SHA-256, and MD5 for those who do not know it.
        case lighttpd
    }

    package static let user = "alice"
    package static let password = "Pässword 1"

    package let port: Int
    private let folder: TemporaryFolder
    private let process: ChildProgram

    /// - Parameters:
    ///   - nonceSeconds: how long apache takes a nonce.
    ///   - backend: the port of what answers behind it; nil for an echo.
    package init(_ program: Program, nonceSeconds: Int = 300, backend: Int? = nil) async throws {
        folder = try TemporaryFolder()
        port = try SSHServer.freePort()
        process = try ChildProgram(
            ["\(Peers.folder)/digest_server.sh", folder.path, "\(port)", program.rawValue],
            environment: ChildProgram.environment(
                adding: ["NONCE_SECONDS": "\(nonceSeconds)", "BACKEND": backend.map { "\($0)" } ?? ""]
            )
        )
        for _ in 0..<3_000 {
            if LoopbackHTTP.listens(on: port) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("digest_server.sh: \(try process.errorsSoFar())")
    }

    deinit {
        process.signal(SIGTERM)
        _ = try? process.wait(seconds: 5)
    }
}
