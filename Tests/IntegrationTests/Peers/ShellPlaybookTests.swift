import PSRunTestSupport
import Testing

/// Playbooks that a person can run at once (PlaybooksTests has the rest).
struct ShellPlaybookTests {
    @Test("The ones for a POSIX shell run on this computer", arguments: [("disk.sh", 5), ("facts.sh", 5)])
    func shellPlaybooks(name: String, steps: Int) async throws {
        let server = try ServedProcess(locally: [BuiltProgram.path, "endpoint"])
        let outcome = try await server.run(file: "\(PackageRoot.path)/playbooks/\(name)")
        let target = try outcome.onlyTarget()
        #expect(target.steps.count == steps, "\(outcome)")
        // The last step of disk.sh tells whether a file system is nearly full.
        #expect(target.steps.dropLast().allSatisfy { $0.outcome == "ok" }, "\(outcome)")
        #expect(["ok", "error"].contains(target.steps.last?.outcome), "\(outcome)")
    }
}
