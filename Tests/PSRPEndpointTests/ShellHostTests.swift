import Glibc
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("A shell serves lines")
struct ShellHostTests {
    @Test("State lasts from line to line", arguments: TestedShell.allCases)
    func state(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        #expect(try shell.run("x=5; f() { echo \"in f $1\"; return 4; }") == LineResult(status: 0))
        #expect(try shell.run("f $x") == LineResult(output: "in f 5\n", status: 4))
        #expect(try shell.run("echo $?; cd /usr") == LineResult(output: "4\n", status: 0))
        #expect(try shell.run("pwd; (exit 200)") == LineResult(output: "/usr\n", status: 200))
        #expect(try shell.run("echo $?") == LineResult(output: "200\n", status: 0))
        #expect(try shell.run("return 7") == LineResult(status: 7))
        #expect(try shell.run("# only a comment").errors == "")
        #expect(shell.host.workingDirectory == "/usr")
    }

    @Test("stdout and stderr come apart, and what is not a line's ends with it", arguments: TestedShell.allCases)
    func streams(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        #expect(
            try shell.run("echo out; echo err >&2; printf part")
                == LineResult(
                    output: "out\npart",
                    errors: "err\n",
                    status: 0
                )
        )
        #expect(try shell.run("cat; read line || echo none") == LineResult(output: "none\n", status: 0))
        #expect(
            try shell.run("cat <<E\nhere  $((1+1))\n\n text\nE")
                == LineResult(
                    output: "here  2\n\n text\n",
                    status: 0
                )
        )
    }

    @Test("An error of the shell's own ends the line and not the shell", arguments: TestedShell.allCases)
    func errors(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        _ = try shell.run("keep=1")
        for line in ["set -u; echo $nope", "echo ${nope?}", ". /does/not/exist", "readonly z=1; z=2", "echo $((1/0))"] {
            _ = try shell.run("set +u")
            let result = try shell.run(line)
            #expect(result.end == nil, "\(line)")
            #expect(!result.errors.isEmpty, "\(line)")
            #expect(!result.errors.contains("/fd/"), "\(result.errors)")
        }
        _ = try shell.run("set +u")
        #expect(try shell.run("nosuchcommand").status == 127)
        #expect(try shell.run("echo $keep $?") == LineResult(output: "1 127\n", status: 0))
    }

    @Test("An unknown command is named as a console names it")
    func names() throws {
        #expect(try ShellUnderTest(.dash).run("nosuch").errors.hasSuffix("nosuch: not found\n"))
    }

    @Test("Tracing shows the line and not what drives the shell", arguments: TestedShell.allCases)
    func tracing(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        _ = try shell.run("set -x; false")
        let traced = try shell.run("echo one")
        #expect(traced.output == "one\n")
        #expect(["+ echo one\n", "++ echo one\n"].contains(traced.errors))
        let ended = try shell.run("set +x -v")
        #expect(ended.errors.contains("set +x -v") && !ended.errors.contains("/fd/"))
        let verbose = try shell.run("echo two").errors
        #expect(!verbose.contains("/fd/"), "\(verbose)")
    }

    @Test(
        "What a line sets for a console shows in no line, and a status lasts all the same",
        arguments: TestedShell.allCases
    )
    func consoleVariables(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        try expectNoTraceOfAConsole(of: { try shell.run($0) }, { LineResult(output: $0, status: $1) })
    }

    @Test("Any text arrives as it is", arguments: TestedShell.allCases)
    func anyText(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        let odd = "\t  a\"b$c`d\\e  é😀\u{1}\u{7f}!! \u{a0}\r*?[x] "
        let result = try shell.run("cat <<'END'\n\(odd)\n\nEND")
        #expect(result.output == "\(odd)\n\n")
        let long = String(repeating: "0123456789abcde ", count: 70 * 64)
        #expect(try shell.run("printf %s '\(long)'").output == long)
    }

    @Test("A line's input reaches it, and ends", arguments: TestedShell.allCases)
    func input(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        #expect(try shell.run("cat; echo end", input: "one\ntwo\n") == LineResult(output: "one\ntwo\nend\n", status: 0))
        let much = String(repeating: "line of input\n", count: 40_000)
        #expect(try shell.run("wc -c", input: much).output.filter { $0 != " " } == "\(much.utf8.count)\n")
        #expect(try shell.run("true", input: much) == LineResult(status: 0))
        #expect(try shell.run("cat", input: "") == LineResult(status: 0))
        #expect(try shell.run("cat") == LineResult(status: 0))
    }

    @Test(
        "In a session that is kept, exit ends the line with its status, and the shell has all it had",
        arguments: TestedShell.allCases
    )
    func keptExit(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        try shell.host.handle(.stay)
        #expect(
            try shell.run("x=1; cd /usr; echo bye; exit 5; echo never")
                == LineResult(output: "bye\n", status: 5, hasLeft: true)
        )
        #expect(try shell.run("echo $? $x; pwd") == LineResult(output: "5 1\n/usr\n", status: 0))
        #expect(
            try shell.run("f() { for i in 1 2; do exit 6; done; echo never; }; f | cat; f")
                == LineResult(status: 6, hasLeft: true)
        )
        #expect(try shell.run("(exit 7); echo $?; y=$(exit 8); echo $?").output == "7\n8\n")
        #expect(try shell.run("false; exit") == LineResult(status: 1, hasLeft: true))
        #expect(try shell.run("exit 256").status == 0)
        #expect(try shell.run("sh -c 'exit 9'") == LineResult(status: 9))
        #expect(try shell.run("{ echo in; exit 3; } 2>/dev/null >/dev/null") == LineResult(status: 3, hasLeft: true))
        #expect(try shell.run("echo out; echo err >&2") == LineResult(output: "out\n", errors: "err\n", status: 0))
    }

    @Test("exit ends the shell with its status", arguments: TestedShell.allCases)
    func exit(_ shell: TestedShell) throws {
        #expect(try ShellUnderTest(shell).run("echo bye; exit 5") == LineResult(output: "bye\n", end: .exited(5)))
        #expect(try ShellUnderTest(shell).run("f() { exit 6; }; f") == LineResult(end: .exited(6)))
        #expect(
            try ShellUnderTest(shell).run("exec sh -c 'echo new; exit 7'")
                == LineResult(
                    output: "new\n",
                    end: .exited(7)
                )
        )
        #expect(try ShellUnderTest(shell).run("set -e; false").end == .exited(1))
        #expect(try ShellUnderTest(shell).run("kill -9 $$").end == .killed(signal: SIGKILL))
        #expect(try ShellUnderTest(shell).run("trap 'echo trapped' EXIT; exit").output == "trapped\n")
    }

    @Test("A background job neither holds the line nor loses its output", arguments: TestedShell.allCases)
    func background(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        let first = try shell.run("{ sleep 0.3; echo late; } & echo early")
        #expect(first.output == "early\n" && first.status == 0)
        #expect(try shell.run("wait; echo done").output == "late\ndone\n")
        #expect(try shell.run("yes >&2 & echo on").output == "on\n")
        #expect(try shell.run("kill $!; echo off").output == "off\n")
    }

    @Test("What runs can be stopped; the shell and its state stay", arguments: TestedShell.allCases)
    func interrupt(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
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
                    try shell.host.handle(.interrupt)
                }
            }
            // bash goes on behind a program that caught the SIGINT, as it does at a terminal.
            #expect(result.output == "began\n" || line.contains("trap"), "\(line)")
            #expect(result.end == nil && (result.status != 0 || line.contains("trap")), "\(line)")
            #expect(try shell.run("echo $x") == LineResult(output: "kept\n", status: 0), "after \(line)")
        }
    }

    @Test("A line that catches every signal is stopped with its shell")
    func deaf() throws {
        let shell = try ShellUnderTest(.dash)
        var asked = false
        let result = try shell.run("trap '' INT TERM; echo began; while :; do :; done") { soFar in
            if !asked && soFar.output == "began\n" {
                asked = true
                try shell.host.handle(.interrupt)
            }
        }
        #expect(result.end == .killed(signal: SIGKILL))
    }

    @Test("The end of a shell is the end of all its session", arguments: TestedShell.allCases)
    func nothingLeft(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        _ = try shell.run("sleep 1000 & sleep 1000 & set -m; sleep 1000 &")
        let session = try #require(Int32(try shell.run("echo $$").output.dropLast()))
        #expect(members(of: session) >= 4)
        shell.host.end()
        #expect(members(of: session) == 0)
    }
}
