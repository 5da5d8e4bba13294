import Foundation
import PSRunTestSupport

/// What Tests/Peers/pypsrp_client.py prints: each step's result.
struct PypsrpAnswer: Decodable, Sendable {
    var results: [Result]

    struct Result: Decodable, Sendable {
        var output: [String]
        var failure: String?
        var state: String
        var errors: [String]
        var information: [String]
        var tags: [[String]]
        var shown: String
        var exitCode: Int?
    }

    /// Runs steps, as JSON, through pypsrp's client.
    /// - Parameter realm: whose tickets it has, as alice; Debian's own Python has what they need.
    static func run(_ steps: String, arguments: [String], realm: KerberosRealm? = nil) async throws -> [Result] {
        var command = Peers.command("pypsrp_client.py", arguments)
        var environment: [String: String] = [:]
        if let realm {
            command[0] = "/usr/bin/python3"
            environment = realm.environment.merging(["KRB5CCNAME": try await realm.tickets()]) { $1 }
            environment["PYTHONPATH"] = try Peers.packages()
        }
        let outcome = try await ChildProgram.run(
            command,
            environment: ChildProgram.environment(adding: environment),
            input: Array(steps.utf8),
            within: 60
        )
        guard outcome.ending == .exited(0) else { throw TestSupportError("pypsrp_client.py: \(outcome)") }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Self.self, from: Data(outcome.standardOutput)).results
    }

    /// The arguments that reach an sshd's subsystem.
    static func arguments(for server: SSHServer, subsystem: String = "powershell") -> [String] {
        ["ssh", "127.0.0.1", "\(server.port)", server.user, server.key, subsystem, server.knownHosts]
    }
}
