import PSRunCommandLine
import Testing

struct CompletionTests {
    @Test("Each shell takes its completion script", arguments: CompletionsInvocation.Shell.allCases)
    func syntax(shell: CompletionsInvocation.Shell) throws {
        let check = try ChildProgram.run(
            [shell.rawValue, "-n", "/dev/stdin"],
            input: CompletionScript.script(for: shell)
        )
        #expect(check.status == 0)
        #expect(check.errors.isEmpty, "\(check.errors)")
    }

    static let completions: [(words: String, candidates: [String])] = [
        ("--ho", ["--host", "--host-key-check"]),
        ("x.ps1 -Ho", ["-HostName"]),
        ("re", ["replay", "recover"]),
        ("x.ps1 --format ", ["text", "json", "jsonl"]),
        ("x.ps1 --format = j", ["json", "jsonl"]),
        ("x.ps1 -ErrorAction S", ["Stop"]),
        ("run x.ps1 --on-record-failure ", ["stop", "finish-step", "continue"]),
        ("x.ps1 --user ", []),
        ("replay ", ["last"]),
        ("replay --i", ["--idle-limit", "--instant"]),
        ("list --format ", ["text", "json"]),
        ("completions ", ["bash", "zsh", "fish"]),
        ("help man", ["manual"]),
    ]

    @Test("What bash offers is what can be used there", arguments: completions)
    func bash(words: String, candidates: [String]) throws {
        let list = "psrun \(words)".split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
        let program = """
            \(CompletionScript.script(for: .bash))
            COMP_WORDS=(\(list.joined(separator: " "))); COMP_CWORD=\(list.count - 1)
            _psrun
            ((${#COMPREPLY[@]})) && printf '%s\\n' "${COMPREPLY[@]}"
            exit 0
            """
        let bash = try ChildProgram.run(["bash", "/dev/stdin"], input: program)
        #expect(bash.errors.isEmpty, "\(bash.errors)")
        #expect(bash.output.split(separator: "\n").map(String.init) == candidates)
    }

    @Test(
        "What fish offers is what can be used there",
        arguments: completions.filter { !$0.words.contains("=") && !$0.candidates.isEmpty }
    )
    func fish(words: String, candidates: [String]) throws {
        let program = CompletionScript.script(for: .fish) + "\ncomplete -C'psrun \(words)'\n"
        let fish = try ChildProgram.run(["fish", "--no-config", "/dev/stdin"], input: program)
        #expect(fish.errors.isEmpty, "\(fish.errors)")
        let offered = fish.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first.map(String.init) }
        #expect(Set(offered) == Set(candidates))
    }

    @Test("Each completion script knows every option that can be used", arguments: CompletionsInvocation.Shell.allCases)
    func complete(shell: CompletionsInvocation.Shell) {
        let script = CompletionScript.script(for: shell)
        let words = Set(script.split { !($0.isLetter || $0.isNumber || $0 == "-") })
        for option in VerbDefinition.all.flatMap(\.options) {
            let isKnown: [Bool] =
                switch shell {
                case .bash, .zsh: option.spellings.map { words.contains(Substring($0)) }
                case .fish:
                    [
                        option.long.map { script.contains(" -l \($0) ") },
                        option.parameter.map { script.contains(" -o \($0) ") },
                    ]
                    .compactMap(\.self)
                }
            #expect(isKnown.allSatisfy { $0 == (option.availability == .now) }, "\(option.name)")
        }
    }
}
