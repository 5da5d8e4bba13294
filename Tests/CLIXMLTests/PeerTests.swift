import CLIXML
import Foundation
import PSRunTestSupport
import Testing

/// psrpcore 0.3.1 reads what psrun writes, and the other way round.
///
/// Values are compared as psrpcore decodes them, by a text that says everything. What the generators leave out, or
/// the text does not tell apart, is psrpcore's own:
///
/// | what | why |
/// |---|---|
/// | a property's value on Bool and Nil | Python has one True and one None, which carry none |
/// | an object without type names | psrpcore gives it its own |
/// | an object within an object as its base | psrpcore takes the inner one for the outer |
/// | `Deserialized.` before type names | psrpcore marks what it does not know so, as PowerShell does |
/// | escapes in type names | psrpcore does not undo them |
/// | keys of a dictionary other than strings | Python's 1, 1.0 and True are one key |
/// | `+00:00` and `Z` | Python has one UTC |
/// | a lone D900 to DBFF from psrpcore | it does not escape them and fails |
/// | years below 1000 from psrpcore | strftime does not pad them |
/// | objects in properties of containers from psrpcore | it writes them in another order than it reads them |
struct PeerTests {
    private static let count = 10_000

    @Test("psrpcore reads what was written")
    func psrpcoreReadsWhatWasWritten() throws {
        var generator = ValueGenerator(seed: 4)
        let values = (0..<Self.count).map { _ in generator.value() }
        let documents = values.map(encodeCLIXML)
        let dumps = try Self.dumps(of: documents)
        #expect(dumps.count == Self.count)
        for (index, value) in values.enumerated() {
            let expected = value.dump
            if dumps[index] != expected {
                Issue.record("\(String(decoding: documents[index], as: UTF8.self)) is \(dumps[index]), not \(expected)")
            }
            #expect(try decodeCLIXML(documents[index]).dump == expected)
        }
    }

    @Test("What psrpcore wrote is read")
    func whatPsrpcoreWroteIsRead() throws {
        let lines = try Self.peer(["generate", "4", "\(Self.count)"], input: "")
        #expect(lines.count == Self.count)
        var again: [[UInt8]] = []
        var expected: [Substring] = []
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1)
            let document = try #require(Data(base64Encoded: String(parts[0])))
            let value = try decodeCLIXML(Array(document))
            if value.dump != parts[1] {
                Issue.record("\(String(decoding: document, as: UTF8.self)) is \(value.dump), not \(parts[1])")
            }
            again.append(encodeCLIXML(value))
            expected.append(parts[1])
        }
        #expect(try Self.dumps(of: again) == expected)
    }

    private static func dumps(of documents: [[UInt8]]) throws -> [Substring] {
        let lines = documents.map { Data($0).base64EncodedString() + "\n" }
        return try peer(["dump"], input: lines.joined())
    }

    /// The lines that the peer answers.
    private static func peer(_ arguments: [String], input: String) throws -> [Substring] {
        let python =
            ProcessInfo.processInfo.environment["PSRUN_TEST_PYTHON"] ?? PackageRoot.path + "/.venv/bin/python"
        let folder = FileManager.default.temporaryDirectory.appending(path: "psrun-clixml-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "input")
        try Data(input.utf8).write(to: file)
        let program = PackageRoot.path + "/Tests/Peers/clixml_peer.py"
        let output = try Fixtures.run(python, [program] + arguments, input: FileHandle(forReadingFrom: file))
        return String(decoding: output, as: UTF8.self).split(separator: "\n")
    }
}
