import Connections
import ContainerTransport
import EventLoops
import GSSWorker
import MachineTransport
import PipeTransport
import ProcessTransport
import SSHTransport
import SessionBroker
import Sessions
import ShellTransport
import Threads
import WinRMParameters

/// How a run's targets are reached: what they share is made once, and ends with the run.
struct WaysIn: Sendable {
    private let endpoint: LocalEndpoint
    private let ssh: SSHEnvironment
    private let winRM: WinRMWays
    /// `--shell`, as the run and its hosts have it.
    private let sshOptions: SSHOptions
    private let shell: ShellTransport.Options
    private let pipeFolders: [String]
    private let environment: [String: String]
    private let warn: @Sendable (String) -> Void
    /// Where engines of containers are looked for.
    private let path: String
    /// How long the end of a session may take.
    private let grace: Duration

    /// - Parameters:
    ///   - person: who may be asked about an unknown host key.
    ///   - warn: told once of each thing a user should know.
    init(
        _ plan: RunPlan,
        credentials: RunCredentials,
        person: (any Person)?,
        clock: RunClock,
        control: RunControl,
        warn: @escaping @Sendable (String) -> Void
    ) {
        endpoint = LocalEndpoint.choose(environment: plan.environment)
        pipeFolders = HostProcess.folders(environment: plan.environment)
        environment = plan.environment
        self.warn = warn
        path = plan.environment["PATH"] ?? ""
        grace = plan.session.limits.grace
        var options = plan.ssh
        options.credentials = credentials.source
        options.clock = clock
        if let person {
            options.askAboutHostKey = { key in
                let clocks = AskedClocks.current ?? AskedClocks(clock)
                return await clocks.whileAsking { await Self.ask(person, about: key, control) }
            }
        }
        ssh = SSHEnvironment(options: options, warn: warn)
        // What waits for a KDC must not wait for a thread.
        if plan.targets.contains(where: { $0.winRM != nil }) { Lane.tickets.begin() }
        winRM = WinRMWays(
            version: plan.recording.psrunVersion,
            credentials: credentials.source,
            environment: plan.environment,
            warn: warn
        )
        sshOptions = options
        shell = ShellTransport.Options(version: plan.recording.psrunVersion, remark: warn)
    }

    /// - Parameter loop: what the target's connection is to live on.
    func transport(to target: RunTarget, on loop: EventLoop) -> any SessionTransport {
        switch target.place {
        case .local:
            LocalProcessTransport(
                executable: endpoint.executable,
                arguments: endpoint.arguments,
                patience: grace,
                loop: loop
            )
        case .pipe(let place): PipeTransport(place, folders: pipeFolders, loop: loop)
        case .container(let place):
            ContainerTransport(place, path: path, patience: grace, loop: loop) { [shell] commands in
                var options = shell
                options.advice =
                    "A session needs a POSIX shell as /bin/sh in the container, or PowerShell or psrun-endpoint in its PATH."
                // A shell there tells how its child ended, in one number.
                options.tellsSignals = false
                return ShellTransport(place.label, over: commands, options: options, loop: loop)
            }
        case .machine(let place, let target):
            MachineTransport(place, loop: loop) { [self] route in
                switch route {
                case .address(let address): overSSH(to: target.located(at: address, sharing: sshOptions), on: loop)
                case .vsock(let number): overSSH(to: target.located(onVsock: number, sharing: sshOptions), on: loop)
                // It leads to an endpoint, and not to a server.
                case .channel: overSSH(to: target, on: loop)
                }
            }
        case .kept(let choice): KeptTransport(choice, environment: environment, loop: loop, remark: warn)
        case .winRM(let place): winRM.transport(to: place.target, patience: grace, on: loop)
        case .ssh(let place): overSSH(to: place, on: loop)
        }
    }

    private func overSSH(to target: SSHTarget, on loop: EventLoop) -> any SessionTransport {
        let options = sshOptions.applied(to: target)
        let driven = { @Sendable [shell] (commands: any CommandTransport) in
            ShellTransport(target.displayName, over: commands, options: shell, loop: loop)
        }
        if options.drivesShell { return driven(SSHCommandTransport(target: target, environment: ssh, loop: loop)) }
        guard options.mayDriveShell else { return SSHSessionTransport(target: target, environment: ssh, loop: loop) }
        return SSHChoosingTransport(target: target, environment: ssh, loop: loop) { driven($0) }
    }

    /// Ends what the targets shared.
    func close() async {
        await ssh.close()
    }

    private static func ask(_ person: any Person, about key: UnknownHostKey, _ control: RunControl) async -> Bool {
        let question = """
            \(key.target): the key of \(key.host) is not known: \(key.algorithm) \(key.fingerprint)
            Is this the right key (yes/no)?\u{20}
            """
        // As ssh, which takes the fingerprint itself for a yes, and asks again for anything but yes and no.
        for attempt in 0..<3 {
            let text = attempt == 0 ? question : "Type yes, no or the fingerprint: "
            guard let answer = await person.ask(text, .line, isOver: { control.stopReason != nil }) else {
                return false
            }
            if answer.lowercased() == "yes" || answer == key.fingerprint { return true }
            if answer.lowercased() == "no" { return false }
        }
        return false
    }
}
