import CLIXML
import Glibc
import PSRP
import PSRunTestSupport
import Testing

@testable import PSRPEndpoint

@Suite("Tab")
struct CompletionTests {
    private static func point(_ line: String, _ cursor: Int? = nil) -> CompletionPoint? {
        CompletionPoint(line, cursor: cursor ?? line.utf16.count)
    }

    @Test(
        "The word at the cursor, and whether it is a command",
        arguments: [
            ("ls a1.t", 3, "a1.t", false), ("hostn", 0, "hostn", true), ("  hostn", 2, "hostn", true),
            ("cd /home/op/b/g/su", 3, "/home/op/b/g/su", false), ("ls ", 3, "", false), ("ls | so", 5, "so", true),
            ("a; b", 3, "b", true), ("a && b", 5, "b", true), ("cat <fi", 5, "fi", false), ("cat >fi", 5, "fi", false),
            ("ls 'a b", 3, "a b", false), ("ls 'a b'", 3, "a b", false), ("ls 'it''s", 3, "its", false),
            ("ls \"a`\"b", 3, "a\"b", false), ("ls a` b", 3, "a b", false), ("é😀 x", 4, "x", false),
            ("ls \u{2018}a b", 3, "a b", false), ("# c\nhostn", 4, "hostn", true), ("$(hostn", 2, "hostn", true),
            ("ls -l a", 6, "a", false), ("ls a#b", 3, "a#b", false), ("ls a,b", 5, "b", false),
        ] as [(String, Int, String, Bool)]
    )
    func words(_ line: String, _ start: Int, _ word: String, _ isCommand: Bool) throws {
        let point = try #require(Self.point(line))
        #expect(point.start == start && point.start + point.length == line.utf16.count)
        #expect(point.word == word && (point.kind == .file) == !isCommand)
    }

    @Test("Comments, variables, parameters and nothing at all are not completed")
    func nothing() {
        for line in ["", "  ", "# ls a", "ls -", "ls $HO", "| ", "ls $"] { #expect(Self.point(line) == nil, "\(line)") }
        #expect(Self.point("ls a1.t", 5)?.word == "a1")
        #expect(Self.point("ls a1.t", -3) == nil && Self.point("ls a", 99)?.word == "a")
    }

    @Test("A name is quoted so that PowerShell's parser reads it back")
    func quoting() {
        let words = [
            ("./a1.txt", "./a1.txt"), ("./a b", "'./a b'"), ("./it's", "'./it''s'"), ("./a$b", "'./a$b'"),
            ("./\u{2019}x", "'./\u{2019}\u{2019}x'"), ("./a;b", "'./a;b'"), ("./é日本", "./é日本"), ("./a,b", "'./a,b'"),
            ("./{a}", "'./{a}'"), ("./a`b", "'./a`b'"), ("./\u{a0}", "'./\u{a0}'"), ("./#a", "'./#a'"),
            ("./@a", "'./@a'"),
        ]
        for (text, quoted) in words { #expect(PowerShellWord.quoted(text) == quoted) }
    }

    @Test("Files: a folder is a container, names without one get ./, letter case does not matter")
    func files() throws {
        let temporary = try TemporaryFolder()
        let folder = try temporary.makeFolder("g")
        for name in ["a1.txt", "A2 b.txt", ".hidden", "it's"] { fclose(fopen("\(folder)/\(name)", "w")) }
        mkdir("\(folder)/aside", 0o700)
        let completer = Completer(environment: ["PATH=/usr/bin"], home: folder)
        func texts(_ line: String, in place: String? = nil) throws -> [String] {
            completer.matches(try #require(Self.point(line)), in: place ?? folder).map(\.text)
        }
        #expect(try texts("ls a") == ["'./A2 b.txt'", "./a1.txt", "./aside"])
        #expect(try texts("ls a1.t") == ["./a1.txt"])
        #expect(try texts("ls 'A2 ") == ["'./A2 b.txt'"])
        #expect(try texts("cd \(folder)/as") == ["\(folder)/aside"])
        #expect(try texts("cd ~/as", in: "/") == ["~/aside"])
        #expect(try texts("ls .h") == ["./.hidden"])
        #expect(try texts("ls ../g/i") == ["'../g/it''s'"])
        #expect(try texts("ls ").count == 4 && texts("ls nothing") == [] && texts("ls /nowhere/x") == [])
        #expect(
            try texts("./a1") == ["./a1.txt"] && texts("./A2") == ["& './A2 b.txt'"]
                && texts("& './A2") == ["'./A2 b.txt'"]
        )
        let point = try #require(Self.point("cd as"))
        let match = try #require(completer.matches(point, in: folder).first)
        let expected = CompletionMatch(text: "./aside", name: "aside", kind: .folder, path: "\(folder)/aside")
        #expect(match == expected)
    }

    @Test("Commands of PATH, each once; what cannot be executed is none")
    func commands() throws {
        let temporary = try TemporaryFolder()
        let (first, second) = (try temporary.makeFolder("one"), try temporary.makeFolder("two"))
        for file in ["\(first)/zzrun", "\(second)/zzrun", "\(second)/zz walk", "\(second)/zznot"] {
            fclose(fopen(file, "w"))
            chmod(file, file.hasSuffix("not") ? 0o600 : 0o700)
        }
        mkdir("\(first)/zzfolder", 0o700)
        let completer = Completer(environment: ["A=b", "PATH=\(first):\(second):/nowhere"], home: "/")
        let matches = completer.matches(try #require(Self.point("ZZ")), in: "/")
        #expect(matches.map(\.text) == ["& 'zz walk'", "zzrun"])
        #expect(matches.map(\.path) == ["\(second)/zz walk", "\(first)/zzrun"])
        #expect(matches.allSatisfy { $0.kind == .command })
    }

    /// client/enter-tab
    @Test("The answer has the shape of a real server's, byte for byte")
    func shape() throws {
        let point = try #require(Self.point("ls a1.t"))
        let match = CompletionMatch(text: "./a1.txt", name: "a1.txt", kind: .file, path: "/home/op/b/g/a1.txt")
        let expected =
            #"<Obj RefId="0"><TN RefId="0"><T>System.Management.Automation.CommandCompletion</T><T>System.Object</T></TN>"#
            + #"<ToString>System.Management.Automation.CommandCompletion</ToString><Props><I32 N="CurrentMatchIndex">-1</I32>"#
            + #"<I32 N="ReplacementIndex">3</I32><I32 N="ReplacementLength">4</I32><Obj N="CompletionMatches" RefId="1">"#
            + #"<TN RefId="1"><T>System.Collections.ObjectModel.Collection`1[[System.Management.Automation.CompletionResult, "#
            + #"System.Management.Automation, Version=7.6.0.500, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]</T>"#
            + #"<T>System.Object</T></TN><LST><Obj RefId="2"><TN RefId="2"><T>System.Management.Automation.CompletionResult</T>"#
            + #"<T>System.Object</T></TN><ToString>System.Management.Automation.CompletionResult</ToString><Props>"#
            + #"<S N="CompletionText">./a1.txt</S><S N="ListItemText">a1.txt</S><S N="ResultType">ProviderItem</S>"#
            + #"<S N="ToolTip">/home/op/b/g/a1.txt</S></Props></Obj></LST></Obj></Props></Obj>"#
        #expect(String(decoding: encodeCLIXML(point.answer([match])), as: UTF8.self) == expected)
    }

    @Test("TabExpansion2 is answered while no shell runs anything, where the shell is", arguments: TestedShell.allCases)
    func answered(_ shell: TestedShell) throws {
        let endpoint = try EndpointUnderTest(shell).opened()
        let temporary = try TemporaryFolder()
        let folder = try temporary.makeFolder("g")
        fclose(fopen("\(folder)/a1.txt", "w"))
        try endpoint.line("cd \(folder); TabExpansion2() { echo ran; }; (exit 4)")
        func ask(_ line: String) throws -> PipelineResult {
            let arguments: [PSValue] = [.string(PSString(line)), .int32(Int32(line.utf16.count)), .null]
            let command = PipelineCommand(
                "TabExpansion2",
                isScript: false,
                arguments: arguments.map { .init(value: $0) }
            )
            return try endpoint.run(PipelineRequest(statements: [[command]]))
        }
        let result = try ask("ls a1.t")
        #expect(result.state == .completed && result.console.isEmpty && result.output.count == 1)
        let matches = try #require(result.output.first?["CompletionMatches"]?.elements)
        #expect(matches.map { $0["CompletionText"]?.text } == ["./a1.txt"])
        #expect(try ask("print").output.first?["CompletionMatches"]?.elements?.isEmpty == false)
        #expect(try ask("# nothing").output.isEmpty)
        #expect(try endpoint.line("echo $?").console == ["4"])
    }
}
