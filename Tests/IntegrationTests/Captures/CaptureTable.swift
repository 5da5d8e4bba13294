import Foundation
import PSRunTestSupport

/// What psrun must make of every capture (Tests/Peers/capture_table.py derives it from the captures themselves).
struct CaptureTable: Sendable {
    var entries: [Entry]

    struct Entry: Decodable, Sendable, CustomStringConvertible {
        /// As `server/simple`.
        var name: String
        var file: String
        /// Why a playbook cannot send its lines, where it has none.
        var withoutLines: String?
        /// The rules that its own client breaks.
        var clientBreaches: [String]
        var playbooks: [Playbook]
        /// What the person at the real client saw, line by line, and the options that answer as that person did; a
        /// secret's value stands there as `=@TEXT`.
        var screen: [String]?
        var screenOptions: [String]?

        var path: String { "\(CaptureTable.folder)/\(file)" }
        var description: String { name }
    }

    struct Playbook: Decodable, Sendable {
        var name: String
        var text: String
        var options: [String]
        var steps: [Step]
        /// The target's outcome, and psrun's exit code; nil where several would do.
        var target: String?
        var sessionExitCode: Int?
        var status: Int32?
        var error: String?
    }

    struct Step: Decodable, Sendable {
        var text: String
        var outcome: String?
        /// What a console shows of it, without colour; nil where prompts or objects came.
        var output: String?
    }

    static let folder = "\(PackageRoot.path)/Tests/IntegrationTests/Fixtures/captures"

    /// Derived once a test run.
    static func load() async throws -> CaptureTable { try await loading.value }

    private static let loading = Task {
        let outcome = try await ChildProgram.run(Peers.command("capture_table.py", [folder]), within: 60)
        guard outcome.ending == .exited(0) else { throw TestSupportError("capture_table.py: \(outcome.errors)") }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return CaptureTable(entries: try decoder.decode([Entry].self, from: Data(outcome.standardOutput)))
    }
}

/// What the capture player reports at its end.
struct PlayerReport: Decodable, Sendable {
    struct Breach: Decodable, Sendable {
        var rule: String
        var line: Int
        var detail: String
    }

    var breaches: [Breach]
    var received: [String]
    var unknown: [String]
    var notes: [String]
    var opened: Bool
    var closed: Bool

    /// Reads it, once the player has written it: behind sshd that may be after its client has gone.
    init(at path: String) async throws {
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: path) {
            try await Task.sleep(for: .milliseconds(10))
        }
        self = try JSONDecoder().decode(Self.self, from: Data(try contents(of: path)))
    }

    /// The rules that were broken.
    var brokenRules: Set<String> { Set(breaches.map(\.rule)) }
}
