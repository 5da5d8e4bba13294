import PSRunCommandLine
import Testing

struct ManualPageTests {
    @Test("The manual renders without a warning, and shows every option, exit code, deviation, variable and example")
    func renders() throws {
        let groff = try ChildProgram.run(
            ["groff", "-man", "-Tascii", "-ww", "-P-cbou", "-rLL=100n", "-rHY=0"],
            input: ManualPage.source(version: "0.1.0")
        )
        #expect(groff.status == 0)
        #expect(groff.errors.isEmpty, "\(groff.errors)")
        let shown = words(of: groff.output)
        let options = VerbDefinition.all.flatMap(\.options).filter { $0.availability == .now }
        let expected =
            options.map { $0.spellings.joined(separator: ", ") } + options.map(\.help)
            + ExitCode.descriptions.map { String($0.meaning.dropFirst()) }
            + PowerShellDeviation.allCases.map(\.sentence)
            + Verb.allCases.flatMap(VerbExample.of).flatMap { [$0.line, $0.meaning] }
            + Reference.environment.flatMap { [$0.name, $0.meaning] }
        for text in expected {
            let isShown = shown.contains(words(of: text))
            #expect(isShown, "\(text)")
        }
    }

    /// The words alone, wherever lines end.
    private func words(of text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
