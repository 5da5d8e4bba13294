import Foundation
import PSRunTestSupport

/// The checkout's own text, for the rules that it keeps.
enum SourceTree {
    struct File {
        /// From the checkout's folder on.
        let path: String
        let text: String

        /// The folder below Sources or Tests.
        var module: String { String(path.split(separator: "/")[1]) }

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

        /// The modules it imports, whatever the access level or attribute; of `import struct A.B`, A.
        var imports: [String] {
            lines.compactMap { line in
                guard let match = line.wholeMatch(of: importLine) else { return nil }
                return String(match.output.1)
            }
        }
    }

    nonisolated(unsafe) private static let importLine =
        /(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:package|public|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+).*/

    static func text(of path: String) throws -> String {
        try String(contentsOfFile: PackageRoot.path + "/" + path, encoding: .utf8)
    }

    static func files(under folder: String) throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: PackageRoot.path + "/" + folder)
        // What a build leaves is not the checkout's text.
        return names.map { folder + "/" + $0 }.filter { !$0.contains("/.") }.sorted()
    }

    static func swiftFiles(under folder: String) throws -> [File] {
        try files(under: folder).filter { $0.hasSuffix(".swift") }.map { File(path: $0, text: try text(of: $0)) }
    }
}
