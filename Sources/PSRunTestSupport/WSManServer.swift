import Files
import FoundationEssentials
import Glibc

/// A WSMan server on 127.0.0.1 (Tests/Peers/wsman_server.py), with users, a certificate and shells of its own. What it does
/// wrong stands in a request's URL, which that file explains.
package final class WSManServer: Sendable {
    package let port: Int
    package let folder: TemporaryFolder
    package let isTLS: Bool
    private let process: ChildProgram

    /// Who may log in, and how.
    package static let user = "op"
    package static let password = "correct horse"

    /// The certificate that signed the server's, itself where nobody else did.
    package var certificate: String { folder.path(of: "server.pem") }

    /// - Parameters:
    ///   - schemes: `basic`, `negotiate`, `kerberos`, `credssp`, `certificate`, with commas between; `none` behind a web server
    ///     that does it.
    ///   - tls: the PEM file of a certificate and its key, for https; one that signs itself is made where `isTLS` alone is given.
    ///   - clients: the PEM file of the authority of clients' certificates.
    ///   - command: what speaks PSRP on its standard streams in each shell; nil for the canned one.
    ///   - realm: whose services it has; this machine's GSSAPI proves and seals then.
    package init(
        schemes: String = "basic",
        isTLS: Bool = false,
        tls: String? = nil,
        clients: String? = nil,
        command: [String]? = [BuiltProgram.path, "endpoint"],
        realm: KerberosRealm? = nil
    ) async throws {
        folder = try TemporaryFolder()
        self.isTLS = isTLS || tls != nil
        var arguments = ["--auth", schemes, "--user", "\(Self.user):\(Self.password)"]
        if isTLS, tls == nil { try await Self.makeCertificate(in: folder) }
        if self.isTLS { arguments += ["--tls", tls ?? folder.path(of: "server.pem")] }
        if let clients { arguments += ["--ca", clients] }
        if realm != nil { arguments.append("--gssapi") }
        // GSSAPI's module is Debian's, and pyspnego is the tests' own.
        let packages = ["PYTHONPATH": try Peers.packages()]
        let more = realm.map { packages.merging(["KRB5_CONFIG": $0.configuration, "KRB5_KTNAME": $0.keytab]) { $1 } }
        let python = realm == nil ? Peers.python : "/usr/bin/python3"
        process = try ChildProgram(
            [python, "\(Peers.folder)/wsman_server.py"] + arguments + Self.shell(command, in: folder),
            environment: ChildProgram.environment(home: folder.path, adding: more ?? [:])
        )
        let file = folder.path(of: "port")
        var found: Int?
        for _ in 0..<1_500 where found == nil {
            found = (try? text(of: file)).flatMap { Int($0) }
            if found == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        guard let found else { throw TestSupportError("wsman_server.py: \(try process.errorsSoFar())") }
        port = found
    }

    private static func shell(_ command: [String]?, in folder: TemporaryFolder) -> [String] {
        command.map { [folder.path] + $0 } ?? ["--canned", folder.path]
    }

    deinit {
        process.signal(SIGKILL)
        _ = try? process.wait(seconds: 5)
    }

    /// What the server says is wrong with it, and not with its clients.
    package func complaints() throws -> String { try process.errorsSoFar() }

    /// What it was asked by those whose URL has this id, in order.
    package func log(of id: String) throws -> [Entry] {
        try text(of: folder.path(of: "log")).split(separator: "\n")
            .map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
            .filter { $0.id == id }
    }

    /// A line of the log.
    package struct Entry: Decodable, Sendable, CustomStringConvertible {
        package let id: String?
        /// `came`, `done`, `fault N`, `401`, `asked again`, `login: …`, or `breach: …`.
        package let what: String
        package let connection: Int
        package let operation: String?
        package let message: String?
        /// What a Create says of the session.
        package let said: [String: String]?
        /// Seconds of a clock of the server's.
        package let t: Double

        package var description: String { "\(connection) \(operation ?? "-") \(what)" }
    }

    /// A certificate for 127.0.0.1 and localhost that signs itself, with its key.
    private static func makeCertificate(in folder: TemporaryFolder) async throws {
        let outcome = try await ChildProgram.run([
            "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder.path(of: "key.pem"), "-out",
            folder.path(of: "certificate.pem"),
        ])
        guard outcome.ending == .exited(0) else { throw TestSupportError("openssl: \(outcome)") }
        let both = try text(of: folder.path(of: "certificate.pem")) + text(of: folder.path(of: "key.pem"))
        try folder.write(both, to: "server.pem")
    }
}
