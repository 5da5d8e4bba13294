import Glibc
import PSRunTestSupport
import Processes
import Testing

@testable import ShellDriver

@Suite("A driven shell serves lines, as the endpoint's does")
struct DrivenShellTests {
    @Test("It says what it is, and its guard serves", arguments: TestedShell.installed)
    func greeting(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        let greeting = try #require(shell.greeting)
        #expect(greeting.process > 1 && !greeting.user.isEmpty && !greeting.computer.isEmpty)
        #expect(greeting.isPrivileged == (geteuid() == 0))
        #expect(shell.shell.isGuarded)
    }

    @Test("State lasts from line to line", arguments: TestedShell.installed)
    func state(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        #expect(try shell.run("x=5; f() { echo \"in f $1\"; return 4; }") == LineResult(status: 0))
        #expect(try shell.run("f $x") == LineResult(output: "in f 5\n", status: 4))
        #expect(try shell.run("echo $?; cd /usr") == LineResult(output: "4\n", status: 0))
        #expect(try shell.run("pwd; (exit 200)") == LineResult(output: "/usr\n", status: 200))
        #expect(try shell.run("echo $?") == LineResult(output: "200\n", status: 0))
        #expect(try shell.run("return 7") == LineResult(status: 7))
        #expect(try shell.run("set -- a 'b c'; echo $#") == LineResult(output: "2\n", status: 0))
        #expect(try shell.run("echo \"$2\"") == LineResult(output: "b c\n", status: 0))
        #expect(try shell.run("# only a comment").errors == "")
        #expect(shell.shell.workingDirectory == "/usr")
    }

    @Test("A line that is silent until it fails has its own status", arguments: TestedShell.installed)
    func silence(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        for _ in 0..<3 {
            #expect(try shell.run("sleep 1.2; (exit 7)") == LineResult(status: 7))
            #expect(try shell.run("echo $?") == LineResult(output: "7\n", status: 0))
        }
    }

    @Test("stdout and stderr come apart, and what is not a line's ends with it", arguments: TestedShell.installed)
    func streams(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        let parts = try shell.run("echo out; echo err >&2; printf part")
        #expect(parts == LineResult(output: "out\npart", errors: "err\n", status: 0))
        #expect(try shell.run("cat; read line || echo none") == LineResult(output: "none\n", status: 0))
        let here = try shell.run("cat <<E\nhere  $((1+1))\n\n text\nE")
        #expect(here == LineResult(output: "here  2\n\n text\n", status: 0))
    }

    @Test("An error of the shell's own ends the line and not the shell", arguments: TestedShell.installed)
    func errors(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        _ = try shell.run("keep=1")
        for line in ["set -u; echo $nope", "echo ${nope?}", ". /does/not/exist", "readonly z=1; z=2", "echo $((1/0))"] {
            _ = try shell.run("set +u")
            let result = try shell.run(line)
            #expect(result.end == nil, "\(line)")
            #expect(!result.errors.isEmpty, "\(line)")
        }
        _ = try shell.run("set +u")
        #expect(try shell.run("nosuchcommand").status == 127)
        #expect(try shell.run("echo $keep $?") == LineResult(output: "1 127\n", status: 0))
    }

    @Test("A text that is not whole, or wrong, does not run", arguments: TestedShell.installed)
    func refusals(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        for text in ["echo never\nfor i in 1 2", "echo never\nif true; then", "echo never; )", "echo 'open"] {
            let result = try shell.run(text)
            #expect(result.output == "" && result.refusal?.isEmpty == false, "\(text): \(result)")
            #expect(try !shell.look(text).passed)
        }
        #expect(try shell.look("echo whole; false").passed)
        #expect(try shell.run("echo $?") == LineResult(output: "0\n", status: 0))
    }

    @Test("A message of the shell's has no word of the driver in it", arguments: TestedShell.installed)
    func messages(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        for line in ["nosuch", "x() { nosuch; return; }; x", "cd /does/not/exist", ". /does/not/exist"] {
            let errors = try shell.run(line).errors
            #expect(!errors.isEmpty && !errors.contains("eval") && !errors.contains("/dev/fd"), "\(errors)")
        }
    }

    @Test("Tracing shows the line and not what drives the shell", arguments: TestedShell.installed)
    func tracing(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        _ = try shell.run("set -x; false")
        let traced = try shell.run("echo one")
        #expect(traced.output == "one\n")
        let lines = traced.errors.split(separator: "\n")
        #expect(lines.contains { $0.hasSuffix("+ echo one") }, "\(traced)")
        #expect(lines.count == 1 || tested == .mksh && lines.first == "+ exit 1", "\(traced)")
        #expect(try shell.run("set +x").output == "")
        #expect(try shell.run("echo two") == LineResult(output: "two\n", status: 0))
    }

    @Test(
        "What a line sets for a console shows in no line, and a status lasts all the same",
        arguments: TestedShell.installed
    )
    func consoleVariables(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        try expectNoTraceOfAConsole(of: { try shell.run($0) }, { LineResult(output: $0, status: $1) })
    }

    @Test("Any text arrives as it is", arguments: TestedShell.installed)
    func anyText(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        let odd = "\t  a\"b$c`d\\e  é😀\u{1}\u{7f}!! \u{a0}\r*?[x] '"
        #expect(try shell.run("cat <<'END'\n\(odd)\n\nEND").output == "\(odd)\n\n")
        let long = String(repeating: "0123456789abcde ", count: 70 * 64)
        #expect(try shell.run("printf %s '\(long)'").output == long)
    }

    @Test("exit ends the shell with its status", arguments: TestedShell.installed)
    func exit(_ tested: TestedShell) throws {
        let bye = try DrivenProcess(tested).run("echo bye; exit 5")
        #expect(bye == LineResult(output: "bye\n", end: .exited(5)))
        #expect(try DrivenProcess(tested).run("f() { exit 6; }; f") == LineResult(end: .exited(6)))
        let other = try DrivenProcess(tested).run("exec sh -c 'echo new; exit 7'")
        #expect(other == LineResult(output: "new\n", end: .exited(7)))
        #expect(try DrivenProcess(tested).run("set -e; false").end == .exited(1))
        #expect(try DrivenProcess(tested).run("kill -9 $$").end == .killed(signal: SIGKILL))
        #expect(try DrivenProcess(tested).run("trap 'echo trapped' EXIT; exit").output == "trapped\n")
    }

    @Test("A background job neither holds the line nor loses its output", arguments: TestedShell.installed)
    func background(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        let first = try shell.run("{ sleep 0.3; echo late; } & echo early")
        #expect(first.output == "early\n" && first.status == 0)
        #expect(try shell.run("wait; echo done").output == "late\ndone\n")
        #expect(try shell.run("yes >&2 & echo on").output == "on\n")
        #expect(try shell.run("kill $!; echo off").output == "off\n")
    }

    @Test("What a line does to its streams does not lose its end", arguments: TestedShell.installed)
    func redirections(_ tested: TestedShell) throws {
        for line in ["exec >/dev/null", "exec 2>/dev/null", "exec >&-", "exec 2>&-", "exec 2>&1", "PS1=mine"] {
            let shell = try DrivenProcess(tested)
            #expect(try shell.run(line).status == 0, "\(line)")
            #expect(try shell.run("x=1; false").status == 1, "\(line)")
            #expect(try shell.run("(exit 3)").status == 3, "\(line)")
        }
    }

    @Test("What runs can be stopped; the shell and its state stay", arguments: TestedShell.installed)
    func interrupt(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        _ = try shell.run("x=kept")
        for line in [
            "echo began; sleep 30; echo never", "echo began; while :; do :; done",
            "echo began; sh -c \"trap '' INT; sleep 20\"; echo never", "echo began; cat /dev/zero | wc -c",
        ] {
            var asked = false
            let result = try shell.run(line) { soFar in
                if !asked && soFar.output.hasPrefix("began\n") {
                    asked = true
                    // bash takes a SIGINT that meets its child between fork and exec for one that the child handled.
                    usleep(200_000)
                    shell.shell.stop(at: DrivenProcess.now)
                }
            }
            // bash goes on behind a program that caught the SIGINT, as it does at a terminal.
            #expect(result.output == "began\n" || line.contains("trap"), "\(line)")
            #expect(result.end == nil && (result.status != 0 || line.contains("trap")), "\(line)")
            let next = try shell.run("echo $x")
            #expect(next == LineResult(output: "kept\n", status: 0), "after \(line): \(next)")
        }
    }

    @Test("A line that catches every signal is stopped with its shell", arguments: TestedShell.installed)
    func deaf(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        var asked = false
        let result = try shell.run("trap '' INT TERM; echo began; while :; do :; done") { soFar in
            if !asked && soFar.output == "began\n" {
                asked = true
                shell.shell.stop(at: DrivenProcess.now)
            }
        }
        #expect(result.end == .killed(signal: SIGKILL))
    }
}
