import Connections
import Fleet
import PSRunCommandLine
import ProcessTransport
import SSHTransport
import Sessions

/// How a run's targets are reached; what they share is made once.
struct Transports: Sendable {
    private let local: LocalProcessTransport
    private let ssh: SSHEnvironment

    /// - Parameters:
    ///   - person: who may be asked about an unknown host key.
    ///   - warn: told once of each thing a user should know.
    init(
        _ invocation: RunInvocation,
        environment: [String: String],
        credentials: CredentialSource,
        person: PersonAtTerminal?,
        clock: RunClock,
        control: RunControl,
        warn: @escaping @Sendable (String) -> Void
    ) {
        let endpoint = LocalEndpoint.choose(environment: environment)
        local = LocalProcessTransport(executable: endpoint.executable, arguments: endpoint.arguments)
        let settings = invocation.ssh
        var options = SSHOptions(subsystem: settings.subsystem, credentials: credentials)
        options.keyFile = settings.keyFile
        options.options = settings.options.map { "\($0.keyword)=\($0.value)" }
        options.configurationFile = settings.configFile
        options.hostKeyCheck = settings.hostKeyCheck.map(Self.check)
        options.jumpHosts = settings.jumpHosts.map(Self.jumps)
        options.timeAsked = { clock.timeAsked }
        if let person {
            options.askAboutHostKey = { key in await clock.whileAsking { await Self.ask(person, about: key, control) } }
        }
        ssh = SSHEnvironment(options: options, warn: warn)
    }

    func transport(to target: RunTarget) -> any SessionTransport {
        switch target.place {
        case .local: local
        case .ssh(let host):
            SSHSessionTransport(
                target: SSHTarget(displayName: target.name, host: host.address, port: host.port, user: host.user),
                environment: ssh
            )
        }
    }

    /// Ends what the targets shared.
    func close() async {
        await ssh.close()
    }

    private static func check(_ check: SSHSettings.HostKeyCheck) -> HostKeyCheck {
        switch check {
        case .yes: .yes
        case .acceptNew: .acceptNew
        case .no: .no
        }
    }

    private static func jumps(_ hosts: [HostName]) -> String {
        hosts.isEmpty ? "none" : hosts.map(\.description).joined(separator: ",")
    }

    private static func ask(_ person: PersonAtTerminal, about key: UnknownHostKey, _ control: RunControl) async -> Bool
    {
        let question = """
            \(key.target): the key of \(key.host) is not known: \(key.algorithm) \(key.fingerprint)
            Is this the right key (yes/no)?\u{20}
            """
        return await person.ask(question, .line) { control.stopReason != nil } == "yes"
    }
}
