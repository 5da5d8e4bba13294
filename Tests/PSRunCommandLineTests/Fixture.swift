import FoundationEssentials
import PSRunTestSupport

/// What PowerShell 7.6.5 answered, kept beside these tests.
enum Fixture {
    /// Each line of a JSON Lines file.
    static func lines<Line: Decodable>(_ name: String, as type: Line.Type) throws -> [Line] {
        try data(name).split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(type, from: Data($0)) }
    }

    static func json<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: data(name))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try data(name), as: UTF8.self)
    }

    private static func data(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: "\(PackageRoot.path)/Tests/PSRunCommandLineTests/Fixtures/\(name)"))
    }
}
