import PSRunTestSupport

/// A way to reach a server process: as a local session, or as a subsystem of an sshd on loopback.
struct ServedProcess: Sendable {
    let place: Workplace
    /// What leads psrun there.
    let arguments: [String]
    let environment: [String: String]
    private let sshd: SSHServer?

    /// Serves the command as the `pwsh` on PATH.
    init(locally command: [String]) throws {
        place = try Workplace()
        arguments = []
        environment = ["PATH": try place.folder.searchPath(withPwsh: command)]
        sshd = nil
    }

    /// Serves the command as the `powershell` subsystem of an sshd of its own, with these lines in its configuration.
    /// - Parameter locked: whether the key that psrun is to log in with has a passphrase.
    init(overSSH command: [String], settings: [String] = [], locked: Bool = false) async throws {
        place = try Workplace()
        let subsystems = ["powershell": try place.folder.wrapper(for: command)]
        let server = try await SSHServer(subsystems: subsystems, settings: settings)
        arguments =
            ["--host", "\(server.user)@127.0.0.1:\(server.port)"] + server.options(key: locked ? server.lockedKey : nil)
        environment = [:]
        sshd = server
    }

    /// What its sshd has written to its log.
    func log() throws -> String { try sshd?.log() ?? "" }

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
        try await start(file: file, ["--format", "json"] + options, adding: variables).outcome(within: seconds)
    }

    /// Starts psrun with a playbook in it.
    func start(file: String, _ options: [String], adding variables: [String: String] = [:]) throws -> ChildProgram {
        try place.start(
            [file] + arguments + options,
            environment: environment.merging(variables) { _, new in new }
        )
    }
}
