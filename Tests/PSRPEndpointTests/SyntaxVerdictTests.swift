import Glibc
import Testing

@testable import PSRPEndpoint

@Suite("sh -n decides")
struct SyntaxVerdictTests {
    static let open = [
        "if", "if true; then", "if true; then echo; else", "while true; do", "for i in 1 2", "case x in",
        "case x in a)", "f() {", "f()", "(", "{", "echo 'abc", "echo \"abc", "echo `ls", "echo $(ls", "x=$(",
        "echo \"$(echo \"x", "echo $((1+", "a |", "a &&", "a ||", "a &&\n# comment", "cat <<E\nhey",
        "cat <<'E'\nhey", "cat <<E", "echo a \\", "echo \\\\\\", "if true; then cat <<E\nfi\n", "echo 'one\ntwo",
        "cat <<E\nhey\nE\necho \\", "a=1 \\", "cat <<fi\nx", "cat <<A <<B\nA\nfi", "cat <<-E\n\they",
        "echo \"$(cat <<E\nx",
        "case x in\n# comment", "case x in\na) echo;;\n", "f() {\n  cat <<E\n}\n", "echo ${x:-", "a | # comment",
    ]
    static let whole = [
        "echo", "echo a\n", "# comment", "# comment \\", "cat <<E\nhey\nE", "cat <<E\nhey\nE\n", "echo 'a\\'",
        "echo \\\\", "echo '<<'", "echo $((1<<2))", "if true; then\n  echo\nfi", "f() { echo; }", "echo \"a\nb\"",
        "case x in a) ;; esac", "echo 'end of file unexpected'", "true &", "! true", "x=1",
        "cat <<fi\nx\nfi", "cat <<E\n\\\nE", "f() { :; } # f()", "(ls)", "x=$(ls)", "echo \"()\"",
        "case x in (a) ;; esac",
        "a; \\", "cat <<A <<B\nA\nfi\nB", "", "\n", "echo a \\\n b", "# it's", "case x in\n# it's\nesac",
    ]
    static let wrong = [
        ")", "fi", "done", ";;", "a | | b", "if true { x; }", "echo <", "echo >", "&& a", "echo 'a' )\n\"",
    ]

    @Test("What more lines may make whole is incomplete", arguments: TestedShell.allCases)
    func incomplete(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        for text in Self.open {
            guard case .incomplete(let message) = try shell.check(text) else {
                Issue.record("\(text) is not incomplete: \(try shell.check(text))")
                continue
            }
            #expect(!message.isEmpty)
        }
    }

    @Test("What is whole runs", arguments: TestedShell.allCases)
    func complete(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        for text in Self.whole { #expect(try shell.check(text) == .complete, "\(text)") }
        #expect(try shell.check("echo '" + String(repeating: "x", count: 3 << 20) + "'") == .complete)
    }

    @Test("What nothing can cure is invalid, in the shell's words", arguments: TestedShell.allCases)
    func invalid(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        for text in Self.wrong {
            guard case .invalid(let message, let line) = try shell.check(text) else {
                Issue.record("\(text) is not invalid: \(try shell.check(text))")
                continue
            }
            #expect(message.lowercased().contains("syntax error") && line == 1, "\(text)")
        }
    }

    @Test("A refusal names its line, whether the shell does or not", arguments: TestedShell.allCases)
    func lines(_ shell: TestedShell) throws {
        let shell = try ShellUnderTest(shell)
        let texts = [
            ("echo ok\necho ok\nfi", 3), ("fi\nfi\nfi", 1), ("cat <<E\nfi\n)\nE\necho $(\n)\ndone\nif x", 7),
            ("case x in\n  a) echo;;\n  b) fi;;\nesac", 3), ("# fi\n'fi\nfi'\n\n; ;\n", 5),
            (
                String(repeating: "echo 'a\nb' \\\n c\n", count: 300) + "}\n" + String(repeating: "echo\n", count: 50),
                901
            ),
            ("if true\nthen\n)\n", 3), ("echo >", 1), ("echo\necho >\n", 2),
        ]
        for (text, expected) in texts {
            guard case .invalid(let message, let line) = try shell.check(text) else {
                Issue.record("\(text) is not invalid: \(try shell.check(text))")
                continue
            }
            #expect(line == expected, "\(text.prefix(80)): \(message)")
        }
    }

    @Test("bash's own syntax is bash's to judge")
    func bash() throws {
        let shell = try ShellUnderTest(.bash)
        #expect(try shell.check("a=(1 2); [[ ${a[0]} == 1 ]] && shopt -s extglob && echo !(x)") == .complete)
        guard case .incomplete = try shell.check("a=(1") else {
            Issue.record("an open array is not incomplete")
            return
        }
        guard case .invalid = try ShellUnderTest(.dash).check("a=(1 2)") else {
            Issue.record("dash has no arrays")
            return
        }
    }
}
