import ExportFiles
import PSRunCommandLine
import PSRunTestSupport
import Testing

@Suite struct LineFileTests {
    @Test("Each line has its number and its place in the file")
    func lines() throws {
        let folder = try TemporaryFolder()
        let file = try LineFile(folder.write("one\ntwo\nthree", to: "lines"))
        var lines: [String] = []
        try file.forEachLine(in: 4..<file.size) { line, number, bytes throws(CommandFailure) in
            lines.append("\(number) \(bytes) \(String(decoding: line, as: UTF8.self))")
            return true
        }
        #expect(lines == ["1 4..<8 two\n", "2 8..<13 three"])
    }

    @Test("A line that is longer by one ends the reading", arguments: ["three\n12", "1\nthree\n", "three"])
    func longLine(text: String) throws {
        let folder = try TemporaryFolder()
        let written = try folder.write(text, to: "lines")
        let longest = text.split(separator: "\n", omittingEmptySubsequences: false).map(\.utf8.count).max() ?? 0
        let most = text.contains("three\n") ? longest + 1 : longest
        let fits = try LineFile(written, longestLine: most)
        try fits.forEachLine(in: 0..<fits.size) { _, _, _ in true }
        let file = try LineFile(written, longestLine: most - 1)
        #expect(throws: CommandFailure.self) { try file.forEachLine(in: 0..<file.size) { _, _, _ in true } }
    }

    @Test("A pipe or a folder is refused, since it cannot be read twice")
    func notAFile() throws {
        let folder = try TemporaryFolder()
        let failure = #expect(throws: CommandFailure.self) { _ = try LineFile(folder.path) }
        #expect(failure?.code == .usage)
    }

    @Test("A file that holds no recording is refused as wrong usage")
    func notARecording() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("hello\n", to: "hello.txt")
        let failure = #expect(throws: CommandFailure.self) { _ = try ExportFile.open(path) }
        #expect(failure?.code == .usage)
        #expect(failure?.message == "--from \(path) is neither an export --as jsonl nor an asciicast of version 2.")
    }
}
