import Connections
import EventLoops
import Files
import Threads

/// Makes connections: a socket by way of the network, a jump host or a command, and a session on it.
struct SSHConnector: Sendable {
    let environment: SSHEnvironment

    /// Connects and authenticates a link.
    /// - Parameter settings: the target's, where they are known already.
    func connect(
        _ link: isolated SSHLink,
        to target: SSHTarget,
        _ settings: SSHSettings?,
        learnedTypes: [String]
    ) async throws {
        let environment = self.environment
        try await connect(
            link,
            to: target,
            jumpHosts: environment.options.applied(to: target).jumpHosts,
            knownSettings: settings,
            learnedTypes: learnedTypes,
            behind: []
        )
    }

    /// - Parameters:
    ///   - jumpHosts: `[user@]host[:port],…`, or nil for ssh_config's.
    ///   - outer: lists of jump hosts that wait for this connection; empty for a target.
    private func connect(
        _ link: isolated SSHLink,
        to target: SSHTarget,
        jumpHosts: String?,
        knownSettings: SSHSettings? = nil,
        learnedTypes: [String] = [],
        behind outer: Set<String>
    ) async throws {
        let environment = self.environment
        let (settings, known, accepted) = try await link.waitForTask {
            let settings: SSHSettings
            if let knownSettings {
                settings = knownSettings
            } else {
                settings = try await environment.settings(
                    for: target,
                    jumpHosts: jumpHosts,
                    isJumpHost: !outer.isEmpty
                )
            }
            let known = try await environment.knownHosts(for: settings)
            return (settings, known, await environment.acceptedKeys.key(of: settings.knownHostsName))
        }
        link.setConnectTimeout(settings.connectTimeout)
        let socket: FileDescriptor
        if let number = target.contextID {
            let machine = VsockAddress(contextID: number, port: UInt32(settings.port))
            socket = try await link.connectSocket(to: machine, at: environment.vsock(machine))
        } else {
            socket = try await self.socket(for: settings, link, behind: outer)
        }
        let verifier = HostKeyVerifier(
            known: known,
            accepted: environment.acceptedKeys,
            ask: environment.options.askAboutHostKey,
            target: target.displayName,
            warn: environment.warn,
            learnedTypes: learnedTypes,
            acceptedType: accepted?.algorithm
        )
        let authenticator = Authenticator(
            keys: environment.keys,
            credentials: environment.options.credentials,
            target: target.displayName,
            warn: environment.warn
        )
        try await link.shakeHands(over: socket, settings: settings, hostKeys: verifier, authenticator: authenticator)
    }

    private func socket(
        for settings: SSHSettings,
        _ link: isolated SSHLink,
        behind outer: Set<String>
    ) async throws -> FileDescriptor {
        if let jumps = settings.proxyJump {
            link.timeline.begin(.tcp)
            return try await socket(through: jumps, to: settings, link, behind: outer)
        }
        if let command = settings.proxyCommand {
            link.timeline.begin(.tcp)
            let (process, socket) = try await link.waitOffLoop(in: .files) { try ProxyProcess.start(command) }
            link.proxy = process
            return socket
        }
        return try await link.connectSocket(settings)
    }

    /// The way to a host behind jump hosts: one connection to the last of them serves all targets behind it.
    ///
    /// It lives on the loop of the target that needed it first, and what it forwards passes to another target's loop through
    /// a socket pair, which is safe between any two threads. One connection for each loop would cost the jump host a login
    /// for each of them, and sshd's MaxStartups refuses logins that come at once.
    private func socket(
        through jumps: String,
        to settings: SSHSettings,
        _ link: isolated SSHLink,
        behind outer: Set<String>
    ) async throws -> FileDescriptor {
        guard !outer.contains(jumps) else {
            throw TransportError(
                .configuration,
                phase: .tcp,
                "\(link.target): the jump hosts \(jumps) lead back to themselves. Give them `ProxyJump none`."
            )
        }
        guard let (named, before) = JumpHostList.last(of: jumps) else {
            throw TransportError(
                .configuration,
                phase: .tcp,
                "\(link.target): \(jumps) is not a list of jump hosts ([user@]host[:port],…)."
            )
        }
        let host = environment.options.completeJumpHost(named)
        let (connector, deadline, loop) = (self, link.deadline, link.loop)
        let (hostName, port) = (settings.hostName, settings.port)
        return try await link.waitForTask { [environment] in
            let jump = try await environment.jumpHosts.link(jumps) {
                let jump = SSHLink(
                    target: "jump host \(host.displayName)",
                    loop: loop,
                    timeline: ConnectionTimeline(),
                    clock: environment.options.clock
                )
                do {
                    try await withTaskCancellationHandler {
                        try await connector.connect(
                            jump,
                            asJump: host,
                            over: before,
                            deadline: deadline,
                            behind: outer.union([jumps])
                        )
                    } onCancel: {
                        jump.abortFromAnywhere(CancellationError())
                    }
                    return jump
                } catch {
                    await jump.close()
                    throw error
                }
            }
            return try await jump.openForward(to: hostName, port: port)
        }
    }

    private func connect(
        _ link: isolated SSHLink,
        asJump host: SSHTarget,
        over jumps: String?,
        deadline: ConnectingDeadline?,
        behind outer: Set<String>
    ) async throws {
        link.setDeadline(deadline)
        try await connect(link, to: host, jumpHosts: jumps, behind: outer)
        link.clearDeadline()
    }
}
