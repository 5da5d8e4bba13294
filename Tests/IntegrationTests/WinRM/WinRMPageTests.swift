import PSRunTestSupport
import Testing

/// The documentation's page on WinRM.
struct WinRMPageTests {
    @Test("Each line that the page shows is one that psrun takes")
    func lines() async throws {
        let page = try text(of: "\(PackageRoot.path)/Sources/psrun/psrun.docc/WinRM.md")
        let indented = page.split(separator: "\n").filter { $0.hasPrefix("    psrun ") }.map { String($0.dropFirst(4)) }
        let quoted = page.split(separator: "`").filter { $0.hasPrefix("psrun -c ") }.map(String.init)
        #expect(indented.count >= 5 && quoted.count >= 10)
        let place = try Workplace()
        let files = [
            ("nightly.ps1", "hostname\n"), ("pb.ps1", "hostname\n"), ("home/.pw", "a password\n"),
            ("fleet.yaml", "all: {hosts: {w1: {ansible_connection: psrp}}}\n"),
            ("psrun", "#!/bin/sh\nexec \"$PSRUN\" \"$@\"\n"),
            ("srv01.pem", try text(of: try await TestCertificates.path("host.pem"))),
            ("home/.config/psrun/certificates/client.pem", try text(of: try await TestCertificates.path("client.pem"))),
        ]
        for folder in ["home/.config", "home/.config/psrun", "home/.config/psrun/certificates"] {
            _ = try place.folder.makeFolder(folder)
        }
        for (name, text) in files { try place.folder.write(text, to: name, mode: name == "psrun" ? 0o755 : 0o600) }
        let environment = place.environment(
            adding: [
                "PSRUN": BuiltProgram.path, "PATH": "\(place.folder.path):/usr/bin:/bin",
                // Nobody is at a terminal who could be asked.
                "PSRUN_PASSWORD_FILE": place.folder.path(of: "home/.pw"),
            ]
        )
        for line in indented + quoted {
            let outcome = try await ChildProgram.run(
                ["/bin/sh", "-c", "cd '\(place.folder.path)' && \(line) --dry-run"],
                environment: environment
            )
            // No certificate has the thumbprint of the page.
            let isFound = !line.contains("-CertificateThumbprint")
            #expect(outcome.ending == .exited(isFound ? 0 : 4), "\(line): \(outcome)")
            #expect(isFound || outcome.errors.contains("no certificate with the thumbprint"), "\(line): \(outcome)")
        }
    }
}
