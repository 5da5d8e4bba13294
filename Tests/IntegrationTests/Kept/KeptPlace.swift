import Foundation
import Glibc
import PSRunTestSupport

/// A user's kept sessions, with a broker of their own that ends with the test.
final class KeptPlace: Sendable {
    let place: Workplace
    let environment: [String: String]
    /// The folder of the broker's sockets.
    let folder: String

    init(adding more: [String: String] = [:]) throws {
        place = try Workplace()
        environment = ["XDG_RUNTIME_DIR": place.folder.path].merging(more) { _, new in new }
        folder = place.folder.path(of: "psrun")
    }

    deinit {
        for process in brokers() { kill(process, SIGKILL) }
    }

    func psrun(_ arguments: String..., within seconds: Double = 30) async throws -> ProgramOutcome {
        try await place.psrun(arguments, environment: environment, within: seconds)
    }

    func start(_ arguments: String...) throws -> ChildProgram { try place.start(arguments, environment: environment) }

    /// Runs lines in a kept session, and gives what they showed.
    func run(_ lines: String..., in session: [String]) async throws -> RunReport.Target {
        let lines = lines.flatMap { ["-c", $0] }
        return try await place.psrun(lines + ["--format", "json"] + session, environment: environment).onlyTarget()
    }

    struct Session: Decodable, Sendable {
        var id: Int
        var name: String
        var instanceId: String
        var target: String
        var state: String
        var idleSince: String?
        var reason: String?
        var visitorPid: Int?
        var visitorSince: String?
    }

    func sessions() async throws -> [Session] {
        struct List: Decodable { var sessions: [Session] }
        let outcome = try await psrun("session", "list", "--format", "json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(List.self, from: Data(outcome.standardOutput)).sessions
    }

    /// The processes of this place's broker, by their command lines.
    func brokers() -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            (try? text(of: "/proc/\(process)/cmdline")) == "psrun\0--session-broker\0\(folder)\0"
        }
    }

    /// What carries its sessions.
    func carriers() -> [pid_t] {
        let broker = brokers().first
        let children = broker.flatMap { try? text(of: "/proc/\($0)/task/\($0)/children") } ?? ""
        return children.split(separator: " ").compactMap { pid_t($0) }
    }

    /// Waits until something is so.
    func until(_ isSo: () async throws -> Bool) async throws {
        for _ in 0..<1_000 {
            if try await isSo() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestSupportError("it did not come to that")
    }
}
