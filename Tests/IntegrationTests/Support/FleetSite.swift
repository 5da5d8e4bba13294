import PSRunTestSupport

/// Hosts with an sshd each and psrun's endpoint behind it: web01, web02 and web03, whose disk is full; and db01 to db03, at
/// which nobody listens.
struct FleetSite {
    let place: Workplace
    let servers: [SSHServer]
    let configuration: String

    init() async throws {
        place = try Workplace()
        var servers: [SSHServer] = []
        var lines = ""
        for (host, use) in [("web01", "10"), ("web02", "20"), ("web03", "95")] {
            let command = ["/usr/bin/env", "NAME=\(host)", "USE=\(use)", BuiltProgram.path, "endpoint"]
            let server = try await SSHServer(
                subsystems: ["powershell": try place.folder.wrapper(for: command, named: host)]
            )
            lines += """
                Host \(host)
                  HostName 127.0.0.1
                  Port \(server.port)
                  IdentityFile \(server.key)
                  UserKnownHostsFile \(server.knownHosts)

                """
            servers.append(server)
        }
        for number in 1...3 { lines += "Host db0\(number)\n  HostName 127.0.0.\(number)\n  Port 1\n" }
        configuration = try place.folder.write(lines, to: "ssh_config")
        self.servers = servers
    }

    func run(_ playbook: String, _ hosts: [String], _ options: [String] = []) async throws -> ProgramOutcome {
        try await place.psrun(
            [playbook, "--ssh-config", configuration] + hosts.flatMap { ["--host", $0] } + options
        )
    }

    func last(_ words: String...) async throws -> ProgramOutcome {
        try await place.psrun([words[0], "last", "--no-access-log"] + words.dropFirst())
    }
}
