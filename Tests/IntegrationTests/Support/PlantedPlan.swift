import Foundation
import PSRunTestSupport
import Testing

/// A plan of Tests/Peers/planted_secrets.py, played by a server: psrun's arguments for it, and the hunt for what is planted.
struct PlantedPlan {
    let server: ServedProcess
    private let folder: String
    /// What makes psrun hold the plan's secrets.
    let arguments: [String]

    /// - Parameters:
    ///   - count: of secrets.
    ///   - ways: on which those are told first that a pattern finds. What a subsystem says on its standard error goes no
    ///     further than OpenSSH's sshd.
    init(on server: ServedProcess, seed: Int, count: Int, ways: [String]) async throws {
        self.server = server
        folder = try server.place.folder.makeFolder("plan")
        try await Self.peer(["make", folder, "\(seed)", "\(count)"] + ways)
        let arguments = try text(of: "\(folder)/arguments")
        self.arguments = arguments.split(separator: "\n").map(String.init)
    }

    /// A plan for secrets that psrun is told otherwise, all in the step `: psrp plant FOLDER 0`.
    init(on server: ServedProcess, secrets: [String]) async throws {
        self.server = server
        folder = try server.place.folder.makeFolder("plan")
        arguments = []
        try await Self.peer(["typed", folder] + secrets)
    }

    var environment: [String: String] { ["CREDENTIALS_DIRECTORY": folder] }
    var playbook: String { "\(folder)/playbook.ps1" }
    /// The line that makes the server play a step.
    func line(ofStep number: Int) -> String { ": psrp plant \(folder) \(number)\n" }

    private static func peer(_ arguments: [String]) async throws {
        let made = try await ChildProgram.run(Peers.command("planted_secrets.py", arguments))
        guard made.ending == .exited(0) else { throw TestSupportError("\(made)") }
    }

    /// Looks for the secrets in files, in every form that they may have.
    func hunt(in files: [String]) async throws -> ProgramOutcome {
        try await ChildProgram.run(Peers.command("planted_secrets.py", ["hunt", folder] + files), within: 240)
    }

    /// None of the secrets is in any of the files, or in what psrun keeps in its recordings folder: compressed or not.
    func expectNothing(in files: [String], source: SourceLocation = #_sourceLocation) async throws {
        let hunt = try await hunt(in: files + recorded())
        #expect(hunt.ending == .exited(0), "\(hunt.output.suffix(4000)) \(hunt.errors)", sourceLocation: source)
    }

    /// Every file of the recordings folder, and what each archive in it is decompressed.
    private func recorded() async throws -> [String] {
        let place = server.place
        var files: [String] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: place.recordings) {
            let path = "\(place.recordings)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files.append(path)
            guard name.hasSuffix(".zst") else { continue }
            let archive = try await ChildProgram.run(["/usr/bin/zstd", "-dcq", path])
            try place.folder.write(archive.standardOutput, to: "archive-\(files.count)")
            files.append(place.folder.path(of: "archive-\(files.count)"))
        }
        guard !files.isEmpty else { throw TestSupportError("nothing is recorded") }
        return files
    }

    /// Writes bytes where `expectNothing` can look.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try server.place.folder.write(bytes, to: name)
    }
}
