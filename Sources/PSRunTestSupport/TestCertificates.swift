/// Authorities, hosts and clients for tests of TLS: made once a run, by Tests/Peers/certificates.py.
package enum TestCertificates {
    package static let passphrase = "open sesame"

    private static let folder = Task { () throws -> TemporaryFolder in
        let folder = try TemporaryFolder()
        let outcome = try await ChildProgram.run(Peers.command("certificates.py", [folder.path]), within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("certificates.py: \(outcome)") }
        return folder
    }

    /// The path of one of them: `host.pem`.
    package static func path(_ name: String) async throws -> String {
        try await folder.value.path(of: name)
    }
}
