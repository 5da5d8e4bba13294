import PSRunTestSupport
import Testing

/// `-Debug` traces a whole session on standard error, and none of its secrets.
struct TraceTests {
    @Test("The protocol is traced from the opening to the close, without what was answered")
    func trace() async throws {
        let server = try await ServedProcess(overSSH: Peers.command("psrpcore_server.py"))
        let secret = try server.place.folder.write("hunter2", to: "secret", mode: 0o600)
        let outcome = try await server.run(
            ": psrp credential login\necho hunter2\n",
            ["-Debug", "--any-shell", "--answer-secret", "login=\(secret)"]
        )
        #expect(outcome.ending == .exited(0), "\(outcome)")
        for word in [
            "-> pool     SESSION_CAPABILITY protocol", "<- pool     RUNSPACEPOOL_STATE opened",
            "PIPELINE_HOST_CALL PromptForCredential2", "PIPELINE_HOST_RESPONSE\n", "PIPELINE_STATE completed",
            "CREATE_PIPELINE 'echo [redacted:", "<- pool     CloseAck",
        ] {
            #expect(outcome.errors.contains(word), "\(word): \(outcome)")
        }
        #expect(!outcome.errors.contains("hunter2"), "\(outcome)")
    }
}
