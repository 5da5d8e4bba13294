import Foundation
import PSRunTestSupport

/// A captured session of a real PowerShell.
struct Capture {
    enum Direction: String, Decodable {
        case toServer = "c2s"
        case toClient = "s2c"
        case standardError = "err"
        case exit
    }

    struct Line: Decodable {
        let dir: Direction
        let line: String
    }

    /// `server/simple`
    let name: String
    let lines: [Line]

    /// All captures' names, from what was read of them without psrun.
    static let names: [String] = said.map(\.name)

    /// What each capture says, read without psrun (Fixtures/make_said.py).
    static let said: [(name: String, lines: [String])] = {
        var captures: [(name: String, lines: [String])] = []
        let path = PackageRoot.path + "/Tests/PSRPTests/Fixtures/said.txt.zst"
        for line in text(of: ["zstd", "-dcq", path]).split(separator: "\n") {
            if line.hasPrefix("# ") {
                captures.append((String(line.dropFirst(2)), []))
            } else {
                captures[captures.count - 1].lines.append(String(line))
            }
        }
        return captures
    }()

    init(_ name: String) throws {
        self.name = name
        let path = PackageRoot.path + "/Tests/IntegrationTests/Fixtures/captures/\(name).wire.jsonl.xz"
        lines = try Self.text(of: ["xz", "-dc", path]).split(separator: "\n").map { line in
            try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        }
    }

    /// What went one way, as bytes, the end of the stream aside.
    func bytes(_ direction: Direction) -> [[UInt8]] {
        lines.filter { $0.dir == direction && $0.line != "<eof>" }.map { Array($0.line.utf8) }
    }

    /// A program's output; empty where it fails, which no test takes for a capture.
    private static func text(of arguments: [String]) -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = output
        guard (try? process.run()) != nil else { return "" }
        let data = (try? output.fileHandleForReading.readToEnd()) ?? nil
        process.waitUntilExit()
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
