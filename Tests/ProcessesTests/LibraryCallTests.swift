import Glibc
import PSRunTestSupport
import Synchronization
import Testing

@testable import Processes

struct LibraryCallTests {
    /// Whether a process has not ended.
    private func isAlive(_ process: Int32) -> Bool {
        guard let text = try? text(of: "/proc/\(process)/stat"), let rest = text.split(separator: ")").last else {
            return false
        }
        return rest.split(separator: " ").first != "Z"
    }

    @Test("What a library has started by itself ends with the call that is given up, and nothing else does")
    func given() async throws {
        let folder = try TemporaryFolder()
        let told = folder.path(of: "told")
        let other = try ChildProgram(["/bin/sleep", "300"])
        defer { other.signal(SIGKILL) }
        let call = LibraryCall()
        let script = "sleep 300 & (sleep 300 & echo $! >>\(told)); echo $! $$ >>\(told); trap '' TERM HUP; wait"
        let returned = Task.detached {
            call.run { () -> Bool in
                // A library knows nothing of what is kept here of processes.
                let process = try? spawn(
                    "/bin/sh",
                    ["sh", "-c", script],
                    environment: ["PATH=/usr/bin:/bin"],
                    descriptors: [0, 1, 2],
                    leading: .nothing
                )
                return process.map { waitForEnd(of: $0) == .killed(signal: SIGKILL) } ?? false
            }
        }
        var processes: [Int32] = []
        for _ in 0..<1_000 where processes.count < 3 {
            try await Task.sleep(for: .milliseconds(10))
            processes = ((try? text(of: told)) ?? "").split { $0 == " " || $0 == "\n" }.compactMap { Int32($0) }
        }
        try #require(processes.count == 3 && processes.allSatisfy(isAlive))
        call.endPrograms()
        #expect(await returned.value)
        // One that was left to the system is no descendant any more; the two that are have ended.
        for _ in 0..<1_000 where processes.dropFirst().contains(where: isAlive) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!processes.dropFirst().contains(where: isAlive))
        kill(processes[0], SIGKILL)
        #expect(isAlive(other.processID))
        // The call has returned: whatever that thread does now is somebody else's.
        call.endPrograms()
    }
}
