import Foundation
import Testing

/// Which module may import what: dependencies point one way, and the sans-IO modules know no system.
struct ImportRuleTests {
    /// What a thin IO module may use of the toolchain's: the program does without Foundation.
    private static let system: Set<String> = ["Glibc", "Synchronization"]

    private static let allowed: [String: Set<String>] = [
        "CLIXML": [],
        "PSRP": ["CLIXML"],
        "Playbooks": [],
        "Sessions": ["CLIXML", "PSRP", "Playbooks"],
        "RecordingFormat": [],
        "ConsoleText": [],
        "RecordingExport": ["ConsoleText", "RecordingFormat"],
        "Redaction": ["ConsoleText"],
        "Replay": ["ConsoleText"],
        "PSRunCommandLine": [],
        "Patterns": system.union(["CPCRE2"]),
        "RecordingSearch": system.union([
            "ConsoleText", "Patterns", "Recording", "RecordingFormat", "Threads",
        ]),
        "SystemErrors": ["Glibc"],
        "Files": system.union(["CLinux", "SystemErrors"]),
        "Threads": system.union(["CLinux"]),
        "ChildProcesses": ["Glibc", "CLinux", "SystemErrors"],
        "PSRPTransports": system.union([
            "PSRP", "CLibSSH", "CCrypto", "CLinux", "ChildProcesses", "SystemErrors", "Threads",
        ]),
        "PSRPEndpoint": system.union(["CLIXML", "PSRP", "CShellGuard", "ChildProcesses", "SystemErrors"]),
        "Recording": system.union([
            "RecordingFormat", "CLibArchive", "CCrypto", "CLinux", "CZstd", "Files", "SystemErrors", "Threads",
        ]),
        "Audit": system.union([
            "CLinux", "ChildProcesses", "Files", "Recording", "RecordingFormat", "SystemErrors", "Threads",
        ]),
        "Fleet": system.union(["CLIXML", "PSRP", "PSRPTransports", "Playbooks", "Sessions"]),
        "PSRunCommands": system.union([
            "Audit", "CLIXML", "CLinux", "ConsoleText", "Files", "Fleet", "PSRP", "PSRPEndpoint", "PSRPTransports",
            "PSRunCommandLine",
            "Patterns", "Playbooks", "Recording", "RecordingExport", "RecordingFormat", "RecordingSearch", "Redaction",
            "Replay", "Sessions", "SystemErrors", "Threads",
        ]),
        "psrun": ["PSRunCommands", "Glibc"],
        "PSRunTestSupport": system.union([
            "ChildProcesses", "Foundation", "FoundationEssentials", "SystemErrors", "Testing",
        ]),
    ]

    @Test("Every module imports only what the dependency rule grants it")
    func importsFollowTheRule() throws {
        let sources = try SourceTree.swiftFiles(under: "Sources")
        #expect(!sources.isEmpty)
        for file in sources {
            let granted = try #require(Self.allowed[file.module], "\(file.path): a module without a rule")
            for module in file.imports where !granted.contains(module) {
                Issue.record("\(file.path) imports \(module)")
            }
        }
    }

    @Test(
        "A library of Debian's is met in one place; libcrypto in two",
        arguments: [
            ("CLibSSH", ["PSRPTransports"]), ("CLibArchive", ["Recording"]), ("CPCRE2", ["Patterns"]),
            ("CCrypto", ["PSRPTransports", "Recording"]), ("CZstd", ["Recording"]),
        ]
    )
    func librariesHaveOneOwner(library: String, owners: [String]) throws {
        let users = try SourceTree.swiftFiles(under: "Sources").filter { $0.imports.contains(library) }.map(\.module)
        #expect(Set(users).isSubset(of: owners))
    }

    @Test("The manifest lists every module that has a rule")
    func manifestKnowsTheModules() throws {
        let manifest = try SourceTree.text(of: "Package.swift")
        for module in Self.allowed.keys {
            #expect(manifest.contains("\"\(module)\""), "\(module)")
        }
    }
}
