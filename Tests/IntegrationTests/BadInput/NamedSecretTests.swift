import Foundation
import PSRunTestSupport
import Testing

/// A secret that a user made part of a name: psrun cannot take it out of the user's own file system, and tells it nowhere.
struct NamedSecretTests {
    private static let secret = "s3cret-name"

    @Test("A playbook's, a host's and a folder's name")
    func names() async throws {
        let server = try await ServedProcess(overSSH: Peers.command("psrpcore_server.py"))
        let plan = try await PlantedPlan(on: server, secrets: [Self.secret])
        let place = server.place
        let alias = "web-\(Self.secret)"
        let login = server.arguments.dropFirst(2)
        let address = try #require(server.arguments.dropFirst().first?.split(whereSeparator: { "@:".contains($0) }))
        let lines = ["Host \(alias)", "User \(address[0])", "HostName \(address[1])", "Port \(address[2])"]
        let config = try place.folder.write(lines.joined(separator: "\n") + "\n", to: "config")
        let file = try place.folder.write(Self.secret + "\n", to: "secret", mode: 0o600)
        let folder = place.recordings + "/in-\(Self.secret)"
        let playbook = try place.playbook("echo one\n", named: "\(Self.secret).sh")
        // With something to redact, a pipe is not a screen either.
        let options = [
            "--any-shell", "--answer-secret", "none=\(file)", "--redact", "nothing else", "--recordings", folder,
            "--ssh-config", config,
        ]
        for format in ["json", "text"] {
            let outcome = try await place.psrun(
                [playbook, "--host", alias, "-v", "-Debug", "--format", format] + options + login
            )
            #expect(outcome.ending == .exited(0), "\(outcome)")
            #expect(outcome.output.contains("web-[redacted:"), "\(outcome)")
            try await plan.expectNothing(in: [
                plan.file("output", outcome.standardOutput), plan.file("errors", outcome.standardError),
            ])
        }
        #expect(try FolderListing.runs(in: folder).allSatisfy { !$0.contains(Self.secret) })
    }

    private static let missing = "/nonexistent/\(secret)/file"

    @Test(
        "Names in what is complained of before there is a run",
        arguments: [[missing], ["PLAYBOOK", "--output", missing], ["PLAYBOOK", "--host", "@\(missing)"]]
    )
    func complaint(arguments: [String]) async throws {
        let place = try Workplace()
        let file = try place.folder.write(Self.secret + "\n", to: "secret", mode: 0o600)
        let playbook = try place.playbook("echo one\n", named: "one.sh")
        let words = arguments.map { $0 == "PLAYBOOK" ? playbook : $0 }
        let outcome = try await place.psrun(words + ["--answer-secret", "none=\(file)"])
        #expect(outcome.ending == .exited(2), "\(outcome)")
        #expect(outcome.errors.contains("/nonexistent/[redacted:"), "\(outcome)")
        #expect(!outcome.errors.contains(Self.secret), "\(outcome)")
    }
}
