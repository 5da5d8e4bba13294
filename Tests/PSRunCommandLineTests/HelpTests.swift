import PSRunCommandLine
import Testing

struct HelpTests {
    @Test("The overview of help is as expected, word for word")
    func overview() throws {
        #expect(HelpText.text(for: nil) == (try Fixture.text("help.txt")))
    }

    @Test("The help of replay is as expected, word for word")
    func replay() throws {
        #expect(HelpText.text(for: .replay) == (try Fixture.text("help-replay.txt")))
    }

    @Test(
        "Each verb's help has each of its options that can be used, no other, and every exit code",
        arguments: Verb.allCases
    )
    func complete(verb: Verb) {
        let lines = HelpText.text(for: verb).split(separator: "\n").map { $0.drop { $0 == " " } }
        for option in VerbDefinition.of(verb).options {
            for spelling in option.spellings {
                let words = lines.filter { $0.hasPrefix("-") }.flatMap { $0.split { " ,".contains($0) } }
                #expect(words.contains(Substring(spelling)) == (option.availability == .now), "\(spelling)")
            }
        }
        for code in ExitCode.descriptions {
            #expect(lines.contains { $0.hasPrefix(code.number + " ") }, "\(code.number)")
        }
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test("Every option says what it does, in a sentence")
    func sentences() {
        for option in VerbDefinition.all.flatMap(\.options) where option.availability == .now {
            #expect(option.help.hasSuffix("."), "\(option.name)")
            #expect(option.help.first?.isUppercase == true, "\(option.name)")
        }
    }

    @Test("No spelling means two things in one verb", arguments: Verb.allCases)
    func unique(verb: Verb) {
        let spellings = VerbDefinition.of(verb).options.flatMap(\.spellings) + ["-h", "--help", "--version"]
        #expect(Set(spellings).count == spellings.count)
    }
}
