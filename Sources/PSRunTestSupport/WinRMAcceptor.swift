import FoundationEssentials
import Glibc

/// The server's side of WinRM's authentication by libraries that are not psrun's (Tests/Peers/winrm_acceptor.py).
package final class WinRMAcceptor: Sendable {
    package enum Library: String, Sendable, CaseIterable {
        /// pyspnego's NTLM, and pypsrp's bodies.
        case pyspnego
        /// This machine's GSSAPI: MIT Kerberos and gss-ntlmssp.
        case gssapi
    }

    /// One request as the acceptor saw it.
    package struct Request: Decodable, Sendable, Hashable {
        package let connection: Int
        package let scheme: String?
        /// Letters of the token.
        package let token: Int
        package let body: Int
        /// Bytes of a sealed body's header.
        package let header: Int?
        package let status: Int
        package let error: String?
    }

    package let port: Int
    private let folder: TemporaryFolder
    private let process: ChildProgram

    /// NTLM's users, as NTLM_USER_FILE has them.
    package static let ntlmUsers = "PSRUN:alice:Password 1\n:local:Password 1\nPSRUN:bob:Pässword €\n"

    /// - Parameters:
    ///   - realm: whose keytab it has.
    ///   - binding: the channel binding that clients must show.
    package init(_ library: Library, realm: KerberosRealm? = nil, binding: [UInt8]? = nil) async throws {
        folder = try TemporaryFolder()
        let file = folder.path(of: "port")
        let users = try folder.write(Self.ntlmUsers, to: "users")
        // Debian's own gssapi is a library of Debian's own Python.
        let python = library == .gssapi ? "/usr/bin/python3" : Peers.python
        let bindings = binding.map { [Data($0).base64EncodedString()] } ?? []
        let environment = (realm?.environment ?? [:]).merging(
            ["NTLM_USER_FILE": users, "KRB5_KTNAME": realm?.keytab ?? "/nonexistent"]
        ) { _, new in new }
        process = try ChildProgram(
            [python, "\(Peers.folder)/winrm_acceptor.py", file, folder.path(of: "log"), library.rawValue] + bindings,
            environment: ChildProgram.environment(adding: environment)
        )
        var found: Int?
        for _ in 0..<3_000 where found == nil {
            found = (try? text(of: file)).flatMap { Int($0) }
            if found == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        guard let found else { throw TestSupportError("winrm_acceptor.py: \(try process.errorsSoFar())") }
        port = found
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }

    /// The requests so far.
    package func requests() throws -> [Request] {
        try text(of: folder.path(of: "log")).split(separator: "\n").map {
            try JSONDecoder().decode(Request.self, from: Data($0.utf8))
        }
    }
}
