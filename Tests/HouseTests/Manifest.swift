import Foundation
import PSRunTestSupport

/// What Package.swift says, as `swift package dump-package` tells it: the one place where the dependency rule stands.
struct Manifest: Decodable {
    struct Product: Decodable {
        let name: String
        let targets: [String]
    }

    struct Target: Decodable {
        enum Kind: String, Decodable {
            case regular
            case executable
            case system
            case test
            case plugin
            case macro
        }

        let name: String
        let type: Kind
        /// Nil where the folder has the target's name.
        let path: String?
        /// The library of the system's that a system target stands for; nil for what needs no linking.
        let pkgConfig: String?
        let dependencies: [Dependency]
    }

    /// `{"byName": ["CLIXML", null]}`
    struct Dependency: Decodable {
        let name: String

        private enum Key: String, CodingKey {
            case byName
            case target
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            var parts = try container.nestedUnkeyedContainer(forKey: container.contains(.byName) ? .byName : .target)
            name = try parts.decode(String.self)
        }
    }

    let products: [Product]
    let targets: [Target]

    func target(_ name: String) -> Target? { targets.first { $0.name == name } }

    /// The modules of the product SansIO.
    var sansIOModules: Set<String> { Set(products.first { $0.name == "SansIO" }?.targets ?? []) }

    /// A target and all that it is linked with.
    func reachable(from name: String) -> Set<String> {
        var found: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            guard found.insert(next).inserted else { continue }
            open += target(next)?.dependencies.map(\.name) ?? []
        }
        return found
    }

    /// The manifest of this checkout, read once in a test run.
    static let current = Task { try await read() }

    /// Asks the package manager, in a scratch folder of its own: a build that is under way holds the lock of the usual one.
    private static func read() async throws -> Manifest {
        let folder = try TemporaryFolder()
        let command = ["package", "--package-path", PackageRoot.path, "--scratch-path", folder.path, "dump-package"]
        let outcome = try await ChildProgram.run(
            ["/usr/bin/env", "swift"] + command,
            environment: ProcessInfo.processInfo.environment,
            within: 120
        )
        guard outcome.ending == .exited(0) else { throw TestSupportError("swift package dump-package: \(outcome)") }
        return try JSONDecoder().decode(Manifest.self, from: Data(outcome.standardOutput))
    }
}
