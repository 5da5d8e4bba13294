import CLIXML
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("Words mean what they mean to a real server")
struct EndpointExpansionTests {
    private static func command(_ name: PSString, _ arguments: String...) -> PipelineRequest {
        let arguments = arguments.map { PipelineCommand.Argument(value: .string($0)) }
        return PipelineRequest(statements: [[PipelineCommand(name, isScript: false, arguments: arguments)]])
    }

    /// What `printf` gets for one argument, each in brackets.
    private static func expansion(_ text: String, _ endpoint: EndpointUnderTest) throws -> String {
        try endpoint.run(command("printf", "[%s]", text)).text.joined(separator: "\n")
    }

    @Test("Wildcards and the home folder are expanded; what matches nothing stays", arguments: TestedShell.allCases)
    func expansions(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let temporary = try TemporaryFolder()
        let folder = try temporary.makeFolder("files")
        let files = ["a b.txt", "c.txt", "d.log", "[x].txt", "!y", "it's", ".hidden", "z`"]
        try endpoint.line("cd \(folder) && touch \(files.map(ShellQuoting.quoted).joined(separator: " ")) && HOME=/usr")
        let expected: [(String, String)] = [
            ("*.log", "[d.log]"), ("[cd].*", "[c.txt][d.log]"), ("?.txt", "[c.txt]"), ("[b-d].txt", "[c.txt]"),
            ("a*.txt", "[a b.txt]"), ("*.none", "[*.none]"), ("[!a]*", "[!y][a b.txt]"), ("it'*", "[it's]"),
            ("[[]x*", "[[x].txt]"), ("[x", "[[x]"), ("[]", "[[]]"), ("{c,d}.*", "[{c,d}.*]"), ("$x*", "[$x*]"),
            ("*o*;", "[*o*;]"), ("* *", "[* *]"), ("c.tx`*", "[c.tx`*]"), ("\\c*", "[\\c*]"), ("", "[]"),
            ("~", "[/usr]"), ("~/x y", "[/usr/x y]"), ("~/lo*l", "[/usr/local]"), ("~/", "[/usr/]"),
            ("~root", "[~root]"), ("a~", "[a~]"), ("~/no*such", "[/usr/no*such]"),
        ]
        for (text, result) in expected { #expect(try Self.expansion(text, endpoint) == result, "\(text)") }
        #expect(try endpoint.run(Self.command("cd", "~/lib")).errors.isEmpty)
        #expect(try endpoint.run(Self.command("pwd")).text == ["/usr/lib"])
    }

    @Test("A text that the client sends as a script keeps its quotes")
    func literal() throws {
        let endpoint = try EndpointUnderTest().opened()
        #expect(try endpoint.line("cd /usr && echo '*' \"~\"").console == ["* ~"])
    }

    @Test("A command whose name is an assignment assigns, its value as it is", arguments: TestedShell.allCases)
    func assignments(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        #expect(try endpoint.run(Self.command("x=a b $HOME *")).state == .completed)
        #expect(try endpoint.line("echo \"$x\"").console == ["a b $HOME *"])
        #expect(try endpoint.run(Self.command("FOO=bar", "sh", "-c", "echo $FOO")).text == ["bar"])
        #expect(try endpoint.line("echo \"[$FOO]\"").console == ["[]"])
        #expect(try endpoint.run(Self.command("A=1", "B=2", "env")).text.filter { "A=1 B=2".contains($0) }.count == 2)
        #expect(try endpoint.run(Self.command("y=", "z=2")).errors.isEmpty)
        #expect(try endpoint.line("echo \"$y$z\"").console == ["2"])
        let odd = try endpoint.run(Self.command("1x=5"))
        #expect(odd.errors.first?.message.contains("1x=5") == true)
    }

    @Test("Words of assignments and names")
    func words() {
        #expect(ShellQuoting.assignment("x=5") == "x=5" && ShellQuoting.assignment("_x1=") == "_x1=")
        #expect(ShellQuoting.assignment("x=it's") == #"x='it'\''s'"# && ShellQuoting.assignment("x+=a b") == "x+='a b'")
        for text in ["x", "=5", "1x=5", "a-b=5", "a b=5", "+=5", "é=5"] {
            #expect(ShellQuoting.assignment(text) == nil)
        }
        #expect(ShellQuoting.commandName("~/bin/a b") == "~/'bin/a b'" && ShellQuoting.commandName("~") == "'~'")
    }
}
