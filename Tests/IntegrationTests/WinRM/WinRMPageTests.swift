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
        ]
        for (name, text) in files { try place.folder.write(text, to: name, mode: name == "psrun" ? 0o755 : 0o600) }
        let environment = place.environment(
            adding: ["PSRUN": BuiltProgram.path, "PATH": "\(place.folder.path):/usr/bin:/bin"]
        )
        for line in indented + quoted {
            let outcome = try await ChildProgram.run(
                ["/bin/sh", "-c", "cd '\(place.folder.path)' && \(line) --dry-run"],
                environment: environment
            )
            #expect(outcome.ending == .exited(0), "\(line): \(outcome)")
        }
    }
}
