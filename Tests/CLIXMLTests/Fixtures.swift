import Foundation
import PSRunTestSupport

/// What the fixtures hold, each from a real PowerShell 7.6.5.
enum Fixtures {
    static let folder = PackageRoot.path + "/Tests/CLIXMLTests/Fixtures/"

    /// The objects of a file of one JSON object a line.
    static func lines<Line: Decodable>(of file: String, as type: Line.Type) throws -> [Line] {
        try Data(contentsOf: URL(filePath: folder + file)).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(type, from: $0)
        }
    }

    /// Each distinct body of a message in the captured sessions, as it was sent.
    ///
    /// The file has each with its length before it, 32 bits, big-endian.
    static func messages() throws -> [[UInt8]] {
        var rest = try run("/usr/bin/env", ["zstd", "-dcq", folder + "messages.zst"])[...]
        var messages: [[UInt8]] = []
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            messages.append(Array(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
        return messages
    }

    /// A program's output; its failure is thrown.
    static func run(_ program: String, _ arguments: [String], input: FileHandle = .nullDevice) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ProgramFailed(arguments: arguments) }
        return data
    }

    struct ProgramFailed: Error {
        let arguments: [String]
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
