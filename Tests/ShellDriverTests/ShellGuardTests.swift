import Glibc
import Testing

@testable import ShellDriver

@Suite("The end of a connection is the end of what a driven shell runs")
struct ShellGuardTests {
    private func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    /// Waits until a process has ended, or ten seconds.
    private func hasEnded(_ process: Int32) -> Bool {
        for _ in 0..<1000 {
            if !isAlive(process) { return true }
            usleep(10_000)
        }
        return false
    }

    private func processes(_ shell: DrivenProcess, _ line: String) throws -> [Int32] {
        try shell.run(line).output.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    }

    @Test("Background jobs end; what nohup started stays", arguments: TestedShell.installed)
    func ends(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        let line = "sleep 300 & echo $!; nohup sleep 300 >/dev/null 2>&1 & echo $!; sleep 0.3"
        let started = try processes(shell, line)
        try #require(started.count == 2)
        shell.breakConnection()
        #expect(hasEnded(started[0]))
        #expect(isAlive(started[1]))
        kill(started[1], SIGKILL)
        #expect(try #require(shell.greeting).process > 0)
    }

    @Test("A line under way ends with the connection, whatever it ignores", arguments: TestedShell.installed)
    func running(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        let own = try #require(shell.greeting?.process)
        shell.shell.run("trap '' INT TERM; while :; do sleep 1; done", lookingAt: nil, status: 0, at: DrivenProcess.now)
        for _ in 0..<5 { _ = try shell.turn() }
        shell.breakConnection()
        var information = siginfo_t()
        #expect(waitid(P_PID, id_t(own), &information, WEXITED | WNOWAIT) == 0)
    }
}

@Suite("A shell behind any login shell")
struct LoginShellTests {
    static var installed: [String] {
        ["dash", "bash", "ksh93", "mksh", "zsh", "yash", "posh", "fish", "tcsh"].filter {
            access("/bin/\($0)", X_OK) == 0
        }
    }

    @Test("The command that starts it is read as it is", arguments: installed)
    func login(_ name: String) throws {
        let shell = try DrivenProcess(.dash, login: "/bin/\(name)")
        #expect(try shell.run("x='a'\\''b'; echo \"$x!!\"") == LineResult(output: "a'b!!\n", status: 0))
    }

    @Test("A shell that is not driven is refused by its name", arguments: ["zsh", "yash", "posh"])
    func refused(_ name: String) throws {
        guard access("/bin/\(name)", X_OK) == 0 else { return }
        let shell = try DrivenProcess(.dash, program: "/bin/\(name)")
        #expect(shell.unusable?.contains("is \(name), which psrun does not drive") == true, "\(shell.unusable ?? "")")
    }
}
