import Foundation
import Testing

@testable import PSRPEndpoint

/// What six shells said to `sh -n`, with `LC_ALL=C`, to each text that is asked: Fixtures/syntax-words.jsonl. It was
/// written by the shells that it names, each in Debian 12's version.
private struct SyntaxWords {
    private struct Row: Decodable {
        let shell: String
        let asked: String
        let passed: Bool
        let stderr: String
    }

    private let rows: [String: [String: Row]]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/syntax-words.jsonl")
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        let all = try lines.map { try JSONDecoder().decode(Row.self, from: $0) }
        rows = Dictionary(grouping: all, by: \.shell).mapValues { rows in
            Dictionary(rows.map { ($0.asked, $0) }) { first, _ in first }
        }
    }

    /// The verdict on a text, each look of it answered by a shell's own words.
    func verdict(on text: String, of shell: String) throws -> SyntaxVerdict {
        var inquiry = SyntaxInquiry(text)
        while true {
            let row = try #require(
                rows[shell]?[inquiry.next],
                "\(shell) was never asked \(inquiry.next.debugDescription)"
            )
            if let verdict = inquiry.take(passed: row.passed, errorOutput: row.stderr) { return verdict }
        }
    }
}

@Suite("Each shell's own words for what is open and what is wrong")
struct SyntaxWordsTests {
    static let shells = [
        "dash 0.5.12", "bash 5.2.15", "busybox 1.35.0", "ksh93u+m 1.0.4", "mksh 59c", "yash 2.52",
    ]
    static let open = [
        "if true", "if true; then", "if true; then\necho\nelif x", "while true; do", "for i in 1", "case x",
        "case x in",
        "case x in\na) echo;;\n# comment", "f() {", "f()", "f( )\n", "(", "echo 'abc", "echo \"abc\n", "echo `ls",
        "echo $(ls", "echo \"$(echo \"x", "echo $((1+", "echo ${x:-", "a |", "a &&\n# comment", "cat <<E\nhey",
        "cat <<'E'\nhey", "cat <<-E\n\they", "cat <<fi\nx", "cat <<E; echo 'x\nhey\nE", "if true; then cat <<E\nfi\n",
        "cat <<E\nhey\nE\necho \\", "echo a \\", "a=1 \\", "echo \\\\\\",
    ]
    static let wrong = [
        ("fi", 1), ("echo ok\necho ok\nfi", 3), ("a | | b", 1), ("echo\necho >\n", 2),
        ("echo\n\ncase x of a) ;; esac", 3),
        ("a ;; b", 1), ("if true\nthen\n)", 3), ("cat <<E\nfi\n)\nE\ndone", 5),
        ("if true; then\n  echo a\nfi\ndone\nif x", 4),
    ]
    static let whole = [
        "echo", "cat <<E\nhey\nE", "cat <<fi\nx\nfi", "echo \\\\", "(ls)", "x=$(ls)", "f() { :; }",
        "case x in (a) ;; esac",
        "# it's \\", "a; \\", "echo '()'",
    ]

    @Test("What more lines may make whole is incomplete", arguments: shells)
    func incomplete(_ shell: String) throws {
        let words = try SyntaxWords()
        for text in Self.open {
            guard case .incomplete(let message) = try words.verdict(on: text, of: shell) else {
                Issue.record("\(text) is not incomplete: \(try words.verdict(on: text, of: shell))")
                continue
            }
            #expect(!message.isEmpty && !message.contains("warning"), "\(text)")
        }
    }

    @Test("What nothing can cure is refused, and its line named", arguments: shells)
    func invalid(_ shell: String) throws {
        let words = try SyntaxWords()
        for (text, expected) in Self.wrong {
            guard case .invalid(let message, let line) = try words.verdict(on: text, of: shell) else {
                Issue.record("\(text) is not invalid: \(try words.verdict(on: text, of: shell))")
                continue
            }
            #expect(line == expected, "\(text): \(message)")
            #expect(message.contains { $0.isNumber }, "\(text): \(message)")
        }
    }

    @Test("What is whole runs", arguments: shells)
    func complete(_ shell: String) throws {
        let words = try SyntaxWords()
        for text in Self.whole { #expect(try words.verdict(on: text, of: shell) == .complete, "\(text)") }
    }

    @Test("A complaint is found behind warnings and noise, wherever it stands")
    func noise() {
        let complaint = SyntaxComplaint(
            "ERROR: ld.so: object 'x' cannot be preloaded: ignored.\nksh: warning: line 1: `...` obsolete\n"
                + "ksh: syntax error at line 3: ``' unmatched\n"
        )
        #expect(complaint.kind == .open && complaint.namesLine)
        #expect(SyntaxComplaint("").message == "Syntax error")
        #expect(SyntaxComplaint("sh: warning: here-document delimited by end-of-file\n").kind == .open)
    }
}
