import PSRunTestSupport
import Testing

/// What psrun holds as a secret stays out of all that it writes, whatever the far side does with it.
struct SecretTests {
    @Test("A secret that the far side tells, in pieces too, is in no recording, report or message")
    func toldSecret() async throws {
        let server = try ServedProcess(locally: Peers.command("psrpcore_server.py"))
        let place = server.place
        let secret = "hunter\"2\\Zé"
        let file = try place.folder.write(secret + "\n", to: "secret", mode: 0o600)
        let outcome = try await server.run(": psrp tell-secret\n", ["--answer-secret", ".*=\(file)"])
        #expect(outcome.ending == .exited(1), "\(outcome)")
        let output = try #require(try outcome.onlyTarget().steps.first?.output)
        #expect(output.contains(/whole (\[redacted:[0-9a-f]{8}\])\nin pieces \1\n/), "\(output)")
        let run = try #require(try outcome.report().recording)
        let archive = try await ChildProgram.run(["/usr/bin/zstd", "-dcq", "\(run)/run.tar.zst"])
        #expect(archive.output.contains("whole [redacted:"), "\(archive)")
        for text in [outcome.output, outcome.errors, archive.output] {
            // As it is, and as JSON has it.
            for form in ["hunter\"2", #"hunter\"2"#, #"2\Z"#, #"2\\Z"#] { #expect(!text.utf8Contains(form), "\(text)") }
        }
    }
}

extension String {
    fileprivate func utf8Contains(_ part: String) -> Bool {
        let (text, part) = (Array(utf8), Array(part.utf8))
        return text.indices.contains { text[$0...].starts(with: part) }
    }
}
