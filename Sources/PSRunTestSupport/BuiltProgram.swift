import FoundationEssentials
import Glibc

/// The psrun that was built together with the running tests, run as a user would run it.
package enum BuiltProgram {
    /// Where it stands: beside the test bundle, else where a debug build leaves it.
    package static let path: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let runner = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let beside = runner.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/psrun"
        return access(beside, X_OK) == 0 ? beside : "\(PackageRoot.path)/.build/debug/psrun"
    }()
}

/// A home, a recordings folder and playbooks for runs of psrun.
package struct Workplace: Sendable {
    package let folder: TemporaryFolder
    package let home: String
    package let recordings: String

    package init() throws {
        folder = try TemporaryFolder()
        home = try folder.makeFolder("home")
        recordings = try folder.makeFolder("recordings")
    }

    /// Writes a playbook of that text and gives its path.
    package func playbook(_ text: String, named name: String = "playbook.ps1") throws -> String {
        try folder.write(text, to: name)
    }

    package func environment(adding more: [String: String] = [:]) -> [String: String] {
        ChildProgram.environment(home: home, adding: ["PSRUN_RECORDINGS": recordings].merging(more) { _, new in new })
    }

    /// Runs psrun with these arguments.
    package func psrun(
        _ arguments: [String],
        environment more: [String: String] = [:],
        input: [UInt8] = [],
        within seconds: Double = 30
    ) async throws -> ProgramOutcome {
        try await start(arguments, environment: more, input: input).outcome(within: seconds)
    }

    /// Starts psrun with these arguments.
    package func start(
        _ arguments: [String],
        environment more: [String: String] = [:],
        input: [UInt8] = []
    ) throws -> ChildProgram {
        try ChildProgram([BuiltProgram.path] + arguments, environment: environment(adding: more), input: input)
    }
}
