import RecordingFormat
import Testing

/// The names of members in psrun's JSON stand in RecordingFormat, as `RecordKey`, and nowhere else.
struct RecordKeyTests {
    nonisolated(unsafe) private static let spelledKey =
        /\["([a-z_0-9]+)"\]|\[?"([a-z_0-9]+)": |key: "([a-z_0-9]+)"|\\"([a-z_0-9]+)\\":/

    /// The keys that a line of source spells as text, by their use: a subscript, a dictionary's key, a member, JSON.
    private static func keys(in line: Substring) -> [String] {
        guard !line.drop(while: { $0 == " " }).hasPrefix("case ") else { return [] }
        return line.matches(of: spelledKey).compactMap { match in
            (match.output.1 ?? match.output.2 ?? match.output.3 ?? match.output.4).map(String.init)
        }
    }

    /// Who reads or writes JSON imports RecordingFormat, which has the parser; in others the words are properties of the
    /// far side's. The script that proves a recording with stock tools spells them too: it shares nothing with psrun.
    @Test("No module but RecordingFormat spells a key of a recording or of a result")
    func keysStandOnce() throws {
        let known = Set(RecordKey.allCases.map(\.rawValue))
        let readers = try SourceTree.swiftFiles(under: "Sources").filter { $0.imports.contains("RecordingFormat") }
        #expect(readers.count > 50)
        for file in readers {
            for (number, line) in file.lines.enumerated() where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                for key in Self.keys(in: line) where known.contains(key) {
                    Issue.record("\(file.path):\(number + 1) spells \(key); RecordKey has it")
                }
            }
        }
    }

    @Test(
        "The rule sees a key in each way in which one is spelled",
        arguments: [
            #"result["outcome"]?.string"#, #"let value: JSONValue = ["outcome": .null]"#, #""outcome": .null,"#,
            #"JSONMember(key: "outcome", value: .null)"#, #"bytes += "{\"outcome\":""#,
        ]
    )
    func theRuleSeesKeys(line: String) {
        #expect(Self.keys(in: line[...]) == ["outcome"])
    }

    @Test(
        "The rule lets other text be",
        arguments: [#"case "outcome": 1"#, #"print("outcome")"#, #"named "outcome", or"#]
    )
    func theRuleLetsOtherTextBe(line: String) {
        #expect(Self.keys(in: line[...]) == [])
    }
}
