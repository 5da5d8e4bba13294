import Glibc
import PSRunTestSupport
import Processes
import Testing

@Suite("A shell command is run for what it prints")
struct ShellCommandTests {
    @Test("What it prints is taken, and how it ended is told")
    func output() async {
        let lines = await ShellCommand.run("echo one; echo two", limit: 100)
        #expect(lines == .ended(.exited(0), output: Array("one\ntwo\n".utf8)))
        #expect(await ShellCommand.run("printf x; exit 3", limit: 100) == .ended(.exited(3), output: [0x78]))
        #expect(await ShellCommand.run("kill -KILL $$", limit: 100) == .ended(.killed(signal: SIGKILL), output: []))
        #expect(await ShellCommand.run("", limit: 100) == .ended(.exited(0), output: []))
    }

    @Test("As much as the limit is taken; one that prints more is ended")
    func limit() async {
        #expect(await ShellCommand.run("printf 12345", limit: 5) == .ended(.exited(0), output: Array("12345".utf8)))
        #expect(await ShellCommand.run("printf 123456", limit: 5) == .saidTooMuch)
        #expect(await ShellCommand.run("yes", limit: 1 << 20) == .saidTooMuch)
    }

    @Test("It leads a process group, with no signal ignored or blocked")
    func signals() async throws {
        let script = "grep -E '^Sig(Ign|Blk)' /proc/self/status; [ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] && echo leader"
        guard case .ended(.exited(0), let output) = await ShellCommand.run(script, limit: 1000) else {
            Issue.record("it did not end well")
            return
        }
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(lines.count == 3 && lines.last == "leader")
        for line in lines.dropLast() {
            // Signals 32 and 33 are the C library's own, and not to be set.
            let mask = try #require(UInt64(line.suffix(16), radix: 16)) & ~(3 << 31)
            #expect(mask == 0, "\(line)")
        }
    }

    @Test("Nobody waits for what it leaves in the background with its output")
    func background() async {
        let ended = await ShellCommand.run("sleep 600 & echo said", limit: 100)
        #expect(ended == .ended(.exited(0), output: Array("said\n".utf8)))
    }

    @Test("Where its task is cancelled, it is ended with all that it started, before the task goes on")
    func cancellation() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path(of: "pids")
        let script = "trap '' TERM; sh -c 'echo $$ >>\(file); sleep 600' & echo $$ >>\(file); wait; sleep 600"
        let task = Task { await ShellCommand.run(script, limit: 100) }
        func processes() -> [Int32] { ((try? text(of: file)) ?? "").split(separator: "\n").compactMap { Int32($0) } }
        while processes().count < 2 { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value == .cancelled)
        for _ in 0..<500 where processes().contains(where: { kill($0, 0) == 0 }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!processes().contains { kill($0, 0) == 0 })
    }
}
