import PSRunCommandLine
import Testing

struct VerbExampleTests {
    @Test("Every verb has three examples or more, each explained by a sentence", arguments: Verb.allCases)
    func enough(verb: Verb) {
        let examples = VerbExample.of(verb)
        #expect(examples.count >= 3)
        #expect(Set(examples.map(\.line)).count == examples.count)
        for example in examples {
            #expect(example.meaning.hasSuffix("."), "\(example.line)")
            #expect(example.meaning.first?.isUppercase == true, "\(example.line)")
        }
    }

    @Test("Every example is a command line that psrun takes", arguments: Verb.allCases)
    func binds(verb: Verb) throws {
        for example in VerbExample.of(verb) {
            let commands = Self.commands(in: example.line)
            #expect(!commands.isEmpty, "\(example.line)")
            for arguments in commands {
                #expect(throws: Never.self, "\(example.line)") { try bind(arguments: arguments) }
            }
        }
    }

    @Test("A verb's first example is of that verb, and all of them are in its help", arguments: Verb.allCases)
    func shown(verb: Verb) throws {
        let examples = VerbExample.of(verb)
        let first = try #require(examples.first)
        let commands = Self.commands(in: first.line)
        #expect(commands.first?.first == verb.rawValue || verb == .run, "\(first.line)")
        let help = HelpText.text(for: verb)
        for example in examples { #expect(help.contains("  \(example.line)\n"), "\(example.line)") }
    }

    /// The arguments of each psrun in a line of a shell, whatever it is piped to.
    private static func commands(in line: String) -> [[String]] {
        var commands: [[String]] = []
        var isPSRun = false
        for word in words(of: line) {
            switch word {
            case .sign: isPSRun = false
            case .text(let text) where text == "psrun" || text.hasSuffix("/psrun"):
                isPSRun = true
                commands.append([])
            case .text(let text): if isPSRun { commands[commands.count - 1].append(text) }
            }
        }
        return commands
    }

    private enum Word {
        case text(String)
        case sign
    }

    /// Words as a shell splits them: by blanks and by its signs, quotes taken off.
    private static func words(of line: String) -> [Word] {
        var words: [Word] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if " |<>()".contains(character) {
                if let whole = word { words.append(.text(whole)) }
                word = nil
                if character != " " { words.append(.sign) }
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(.text(whole)) }
        return words
    }
}
