import PSRunCommandLine
import PSRunTestSupport
import Testing

struct CompletionTests {
    /// PowerShell is not on every machine that runs the tests.
    @Test("Each shell takes its completion script", arguments: [CompletionsInvocation.Shell.bash, .zsh, .fish])
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
        ("re", ["resume", "rerun", "replay", "recover"]),
        ("x.ps1 --format ", ["text", "json", "jsonl", "junit", "nagios"]),
        ("x.ps1 --format = j", ["json", "jsonl", "junit"]),
        ("x.ps1 -ErrorAction S", ["Stop"]),
        ("run x.ps1 --on-record-failure ", ["stop", "finish-step", "continue"]),
        ("x.ps1 --user ", []),
        ("replay ", ["last", "20261130T020000Z-nightly-3fa91c", "20261129T020000Z-disk-9b2c11"]),
        ("replay --i", ["--idle-limit", "--instant"]),
        ("list --format ", ["text", "json"]),
        ("completions ", ["bash", "zsh", "fish", "powershell", "hosts", "runs", "sessions"]),
        ("x.ps1 --host web", ["web01", "web02"]),
        ("x.ps1 --host gw,web0", ["gw,web01", "gw,web02"]),
        ("x.ps1 -w g", ["gw"]),
        ("x.ps1 -J g", ["gw"]),
        ("list --host web02", ["web02"]),
        ("show 2026", ["20261130T020000Z-nightly-3fa91c", "20261129T020000Z-disk-9b2c11"]),
        ("diff last 20261129", ["20261129T020000Z-disk-9b2c11"]),
        ("help man", ["manual"]),
        ("session ", ["open", "list", "close"]),
        ("session close ", ["web", "db"]),
        ("session close w", ["web"]),
        ("session open ", []),
        ("session list ", []),
        ("session list --format ", ["text", "json"]),
        ("x.ps1 -Name d", ["db"]),
    ]

    /// Stands in for psrun when a script asks it: a folder for PATH. What it prints is not to be expanded.
    static func folderOfProgram() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let script = """
            #!/bin/sh
            case "$*" in
                'completions hosts') printf '%s\\n' web01 web02 gw '$(touch expanded)' ;;
                'completions runs') printf '%s\\n' 20261130T020000Z-nightly-3fa91c 20261129T020000Z-disk-9b2c11 ;;
                'completions sessions') printf '%s\\n' web db ;;
                *) echo unexpected ;;
            esac
            echo noise >&2

            """
        try folder.write(script, to: "psrun", mode: 0o755)
        return folder
    }

    @Test("What bash offers is what can be used there", arguments: completions)
    func bash(words: String, candidates: [String]) throws {
        let list = "psrun \(words)".split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
        let folder = try Self.folderOfProgram()
        let program = """
            PATH='\(folder.path)':$PATH
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
        let folder = try Self.folderOfProgram()
        let path = "set -x PATH '\(folder.path)' $PATH\n"
        let program = path + CompletionScript.script(for: .fish) + "\ncomplete -C'psrun \(words)'\n"
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
                case .powershell: option.spellings.map { script.contains("            '\($0)' = '") }
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
