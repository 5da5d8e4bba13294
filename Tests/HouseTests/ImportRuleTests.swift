import Testing

/// Which module may import what: the sources keep to what Package.swift declares, and the sans-IO modules know no system.
struct ImportRuleTests {
    /// What a module with IO may use of the toolchain's: the program does without Foundation.
    private static let system: Set<String> = ["Glibc", "Synchronization"]
    /// What a module of the tests may use beside it.
    private static let testing: Set<String> = ["Foundation", "FoundationEssentials", "Testing"]
    /// Who may have more than one owner: libcrypto hashes recordings, verifies host keys, and makes sessions' keys.
    private static let owners = ["CCrypto": 3]

    @Test("Every module imports only what Package.swift grants it")
    func importsFollowTheRule() async throws {
        let manifest = try await Manifest.current.value
        let sources = try SourceTree.swiftFiles(under: "Sources")
        #expect(!sources.isEmpty)
        let shipped = manifest.reachable(from: "psrun")
        for file in sources {
            let target = try #require(manifest.target(file.module), "\(file.path): a folder that is not a target")
            var granted = Set(target.dependencies.map(\.name))
            if !manifest.sansIOModules.contains(target.name) { granted.formUnion(Self.system) }
            if !shipped.contains(target.name) { granted.formUnion(Self.testing) }
            for module in file.imports where !granted.contains(module) {
                Issue.record("\(file.path) imports \(module)")
            }
        }
    }

    @Test("Every dependency that Package.swift declares is imported by a file of its target")
    func dependenciesAreUsed() async throws {
        let manifest = try await Manifest.current.value
        let libraries = Set(manifest.targets.filter { $0.type != .executable }.map(\.name))
        for target in manifest.targets where target.type != .system {
            let folder = target.path ?? (target.type == .test ? "Tests/" : "Sources/") + target.name
            let imported = Set(try SourceTree.swiftFiles(under: folder).flatMap(\.imports))
            // What a test only starts is an executable, and what tests stand on is given to all of them.
            let declared = target.dependencies.map(\.name).filter { libraries.contains($0) && $0 != "PSRunTestSupport" }
            for module in declared where !imported.contains(module) {
                Issue.record("\(target.name) declares \(module) and does not import it")
            }
            #expect(Set(declared).count == declared.count, "\(target.name) declares a dependency twice")
        }
    }

    @Test("A sans-IO module depends on sans-IO modules alone")
    func sansIOModulesStandAlone() async throws {
        let manifest = try await Manifest.current.value
        #expect(manifest.sansIOModules.isSuperset(of: ["CLIXML", "PSRP", "RecordingFormat"]))
        for name in manifest.sansIOModules {
            let others = manifest.reachable(from: name).subtracting(manifest.sansIOModules)
            #expect(others.isEmpty, "\(name) depends on \(others.sorted())")
        }
    }

    @Test("A library of Debian's has one module that imports it; libcrypto has three")
    func librariesHaveOneOwner() async throws {
        let manifest = try await Manifest.current.value
        let libraries = manifest.targets.filter { $0.type == .system && $0.pkgConfig != nil }
        #expect(libraries.count >= 5)
        let shipped = manifest.reachable(from: "psrun")
        for library in libraries {
            let users = manifest.targets.filter { target in
                shipped.contains(target.name) && target.dependencies.contains { $0.name == library.name }
            }
            #expect(users.count <= Self.owners[library.name] ?? 1, "\(library.name): \(users.map(\.name))")
        }
    }

    @Test("Every folder of Sources is a target, and every target of it has its folder")
    func targetsAreFolders() async throws {
        let manifest = try await Manifest.current.value
        let files = try SourceTree.files(under: "Sources")
        let folders = Set(files.compactMap { $0.split(separator: "/").dropFirst().first })
        let targets = Set(manifest.targets.filter { $0.path == nil && $0.type != .test }.map { $0.name[...] })
        #expect(folders == targets)
    }
}
