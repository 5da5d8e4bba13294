import Glibc
import PSRunTestSupport
import Testing

/// What psrun holds in memory is out of the reach of other processes of its user, and of core files.
struct UndumpableTests {
    /// Becomes a program that waits for its standard input, a pipe that it holds open itself.
    private static func waiting(_ place: Workplace) throws -> String {
        let pipe = place.folder.path(of: "pipe")
        guard mkfifo(pipe, 0o666) == 0, chmod(pipe, 0o666) == 0 else { throw TestSupportError("mkfifo \(pipe)") }
        return "ulimit -c unlimited 2>/dev/null; exec <>'\(pipe)'; exec \"$@\""
    }

    @Test("Its memory in /proc belongs to root, not to its user")
    func memory() async throws {
        let place = try Workplace()
        chmod(place.folder.path, 0o755)
        let playbook = try place.playbook("true\n", named: "a.sh")
        chmod(playbook, 0o644)
        // Of root's own processes /proc tells nothing.
        let isRoot = geteuid() == 0
        let user = isRoot ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        let owner = isRoot ? 65534 : geteuid()
        let program = place.folder.path(of: "psrun")
        let copy = try await ChildProgram.run(["/bin/cp", BuiltProgram.path, program])
        #expect(copy.ending == .exited(0))
        chmod(program, 0o755)
        let waiting = try Self.waiting(place)
        let psrun = try ChildProgram(
            user + ["/bin/bash", "-c", waiting, "bash", program, playbook, "--host", "-"],
            environment: place.environment()
        )
        let other = try ChildProgram(user + ["/bin/bash", "-c", waiting, "bash", "/bin/cat"])
        try await Self.wait(until: "psrun", is: psrun)
        try await Self.wait(until: "cat", is: other)
        var polls = 0
        while Self.ownerOfMemory(psrun) != 0, polls < 6000 {
            polls += 1
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(Self.ownerOfMemory(psrun) == 0)
        #expect(Self.ownerOfMemory(other) == owner)
        let look = "cat /proc/$0/environ >/dev/null; echo $?; (: </proc/$0/mem) || echo closed"
        for (program, seen) in [(psrun, "1\nclosed\n"), (other, "0\n")] {
            let found = try await ChildProgram.run(user + ["/bin/sh", "-c", look, "\(program.processID)"])
            // Where Yama guards memory, it guards it of both.
            #expect(program === other ? found.output.hasPrefix(seen) : found.output == seen, "\(found)")
        }
        for program in [psrun, other] { program.signal(SIGKILL) }
        _ = try await psrun.outcome()
        _ = try await other.outcome()
    }

    @Test(
        "A crash leaves no core file, and nothing of the memory on standard error",
        arguments: [SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGQUIT],
        [false, true]
    )
    func core(signal: Int32, isLimitLifted: Bool) async throws {
        let place = try Workplace()
        let playbook = try place.playbook("true\n", named: "a.sh")
        let folder = try place.folder.makeFolder("cores")
        let waiting = try Self.waiting(place)
        let run = try ChildProgram(
            ["/bin/bash", "-c", "cd '\(folder)'; \(waiting)", "bash", BuiltProgram.path, playbook, "--host", "-"],
            environment: place.environment()
        )
        try await Self.wait(until: "psrun", is: run)
        var polls = 0
        while try Self.coreLimit(run) != "0", polls < 6000 {
            polls += 1
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try Self.coreLimit(run) == "0")
        if isLimitLifted {
            let lifted = try await ChildProgram.run(
                ["/usr/bin/prlimit", "--core=unlimited:unlimited", "--pid", "\(run.processID)"]
            )
            #expect(try lifted.ending == .exited(0) && Self.coreLimit(run) == "unlimited", "\(lifted)")
        }
        run.signal(signal)
        let outcome = try await run.outcome()
        // SIGQUIT is no crash: it ends psrun as the other signals do, whatever it reads.
        #expect(outcome.ending == (signal == SIGQUIT ? .exited(128 + SIGQUIT) : .killed(signal: signal)))
        #expect(outcome.standardError.isEmpty && outcome.standardOutput.isEmpty, "\(outcome)")
        #expect(try FolderListing.names(in: folder).isEmpty)
        // Where the system writes cores into files, another program leaves one there.
        guard try text(of: "/proc/sys/kernel/core_pattern").allSatisfy({ $0 != "|" && $0 != "/" }) else { return }
        let other = try ChildProgram(["/bin/bash", "-c", "cd '\(folder)'; \(waiting)", "bash", "/bin/cat"])
        try await Self.wait(until: "cat", is: other)
        other.signal(signal)
        #expect(try await other.outcome().ending == .killed(signal: signal))
        #expect(try !FolderListing.names(in: folder).isEmpty)
    }

    private static func wait(until name: String, is program: ChildProgram) async throws {
        for _ in 0..<6000 {
            let found = try? text(of: "/proc/\(program.processID)/comm")
            if found == "\(name)\n" { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestSupportError("\(name) did not start")
    }

    private static func ownerOfMemory(_ program: ChildProgram) -> UInt32? {
        var status = stat()
        return stat("/proc/\(program.processID)/mem", &status) == 0 ? status.st_uid : nil
    }

    /// The soft limit on core files.
    private static func coreLimit(_ program: ChildProgram) throws -> String? {
        let limits = try text(of: "/proc/\(program.processID)/limits")
        let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
        return line?.split(separator: " ").dropFirst(4).first.map(String.init)
    }
}
