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
