import PSRunTestSupport

/// A way to reach a server process: as a local session, or as a subsystem of an sshd on loopback.
struct ServedProcess: Sendable {
    let place: Workplace
    private let arguments: [String]
    let environment: [String: String]
    private let sshd: SSHServer?

    /// Serves the command as the `pwsh` on PATH.
    init(locally command: [String]) throws {
        place = try Workplace()
        arguments = []
        environment = ["PATH": try place.folder.searchPath(withPwsh: command)]
        sshd = nil
    }

    /// Serves the command as the `powershell` subsystem of an sshd of its own.
    init(overSSH command: [String]) async throws {
        place = try Workplace()
        let server = try await SSHServer(subsystems: ["powershell": try place.folder.wrapper(for: command)])
        arguments = ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options()
        environment = [:]
        sshd = server
    }

    /// Runs a playbook of that text in it and gives how psrun ended.
    func run(_ text: String, _ options: [String] = [], within seconds: Double = 30) async throws -> ProgramOutcome {
        try await run(file: try place.playbook(text), options, within: seconds)
    }

    func run(
        file: String,
        _ options: [String] = [],
        adding variables: [String: String] = [:],
        within seconds: Double = 30
    ) async throws -> ProgramOutcome {
        try await place.psrun(
            [file, "--format", "json"] + arguments + options,
            environment: environment.merging(variables) { _, new in new },
            within: seconds
        )
    }
}
