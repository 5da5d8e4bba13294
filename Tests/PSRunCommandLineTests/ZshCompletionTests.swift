import PSRunCommandLine
import PSRunTestSupport
import Testing

/// What zsh offers, asked as a person asks: a word and a tab, at a terminal of its own (zsh/zpty).
struct ZshCompletionTests {
    private static let startUp = """
        autoload -Uz compinit
        fpath=($PWD/functions $fpath)
        compinit -D -u
        bindkey '^I' complete-word
        zstyle ':completion:*' insert-tab false
        compadd() {
            if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
            local -a found
            builtin compadd -A found "$@"
            (( $#found )) && print -l -- $found >>.offered
            builtin compadd "$@"
        }
        comppostfuncs=(finish)
        finish() { : >.finished; exit }
        """

    private static let person = """
        zmodload zsh/zpty
        zpty terminal zsh -f -i
        zpty -w terminal 'source ./.start-up; : >.ready'
        for round in {1..400}; do [[ -e .ready ]] && break; sleep 0.05; zpty -rt terminal shown; done
        zpty -n -w terminal "psrun $1"$'\\t'
        for round in {1..400}; do [[ -e .finished ]] && break; sleep 0.05; zpty -rt terminal shown; done
        zpty -d terminal
        """

    @Test(
        "What zsh offers is what can be used there",
        arguments: CompletionTests.completions.filter { !$0.words.contains("=") && !$0.candidates.isEmpty }
    )
    func offers(words: String, candidates: [String]) throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("functions")
        try folder.write(CompletionScript.script(for: .zsh), to: "functions/_psrun")
        try folder.write(Self.startUp, to: ".start-up")
        try folder.write(Self.person, to: ".person")
        let programs = try CompletionTests.folderOfProgram()
        let program = "cd '\(folder.path)' && PATH='\(programs.path)':$PATH && exec zsh -f .person '\(words)'"
        let zsh = try ChildProgram.run(["sh", "-c", program], input: "")
        let offered = try? text(of: folder.path(of: ".offered"))
        // What stands before the last comma stays as it was typed.
        let expected = Set(candidates.compactMap { $0.split(separator: ",").last.map(String.init) })
        #expect(offered.map { Set($0.split(separator: "\n").map(String.init)) } == expected, "\(zsh.errors)")
    }
}
