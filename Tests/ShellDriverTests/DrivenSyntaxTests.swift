import PSRPEndpoint
import Testing

@testable import ShellDriver

@Suite("sh -n decides, over a driven shell")
struct DrivenSyntaxTests {
    private static let open = [
        "if", "if true; then", "while true; do", "for i in 1 2", "case x in", "case x in a)", "f() {", "f()", "(", "{",
        "echo 'abc", "echo \"abc", "echo $(ls", "echo $((1+", "a |", "a &&", "a ||", "a &&\n# comment", "cat <<E\nhey",
        "cat <<'E'\nhey", "echo a \\", "if true; then cat <<E\nfi\n", "echo ${x:-",
    ]
    private static let whole = [
        "echo", "# comment", "cat <<E\nhey\nE", "echo 'a\\'", "echo $((1<<2))", "f() { echo; }", "echo \"a\nb\"",
        "case x in a) ;; esac", "echo a \\\n b", "return 3", "echo '\\c'",
    ]
    private static let wrong = [")", "fi", "done", ";;", "a | | b", "echo <", "&& a", "echo a\n)"]

    private func verdict(_ text: String, of shell: DrivenProcess) throws -> SyntaxVerdict {
        var inquiry = SyntaxInquiry(text)
        while true {
            let look = try shell.look(inquiry.next)
            if let verdict = inquiry.take(passed: look.passed, errorOutput: look.message) { return verdict }
        }
    }

    @Test("What is open, whole and wrong", arguments: TestedShell.installed)
    func verdicts(_ tested: TestedShell) throws {
        let shell = try DrivenProcess(tested)
        for text in Self.open {
            let verdict = try verdict(text, of: shell)
            if case .incomplete = verdict { continue }
            Issue.record("\(text) is not incomplete: \(verdict)")
        }
        for text in Self.whole { #expect(try verdict(text, of: shell) == .complete, "\(text)") }
        for text in Self.wrong {
            let verdict = try verdict(text, of: shell)
            guard case .invalid(let message, let line) = verdict else {
                Issue.record("\(text) is not invalid: \(verdict)")
                continue
            }
            #expect(!message.isEmpty && line == (text.contains("\n") ? 2 : 1), "\(text): \(verdict)")
        }
    }
}
