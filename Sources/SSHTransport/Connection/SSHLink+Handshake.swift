import Connections
import EventLoops
import Files
import SystemErrors
import Threads

extension SSHLink {
    /// From a connected socket to an authenticated session.
    func shakeHands(
        over socket: FileDescriptor,
        settings: SSHSettings,
        hostKeys: HostKeyVerifier,
        authenticator: Authenticator
    ) async throws {
        timeline.begin(proxy == nil ? .banner : .proxiedBanner)
        let algorithms = hostKeys.algorithmOrder(settings)
        try inPhase { try adopt(socket, settings: settings, hostKeyAlgorithms: algorithms) }
        try await inPhase {
            try await run { session in
                let result = try session.connect()
                if session.hasBanner, timeline.current?.isBanner == true { timeline.begin(.kex) }
                return result
            }
        }
        clearConnectTimeout()
        timeline.begin(.hostKey)
        guard let key = try inPhase({ try session?.serverKey() }) else { throw CancellationError() }
        try await hostKeys.check(key, settings: settings, on: self)
        timeline.begin(.auth)
        do {
            try await inPhase { try await authenticator.authenticate(on: self, settings) }
        } catch {
            timeline.heard(session?.loginBanner)
            throw error
        }
        timeline.heard(session?.loginBanner)
        variables = settings.variables
        isEstablished = true
        startKeepalive(every: settings.aliveInterval, countMax: settings.aliveCountMax)
    }

    /// A channel of an authenticated session, opened by `open`.
    func makeChannel(_ open: @escaping (SSHChannelHandle) throws -> SSHStep) async throws -> SSHChannelHandle {
        guard let channel = try session?.makeChannel() else { throw failure ?? CancellationError() }
        try await run { _ in try open(channel) }
        return channel
    }

    /// The session's own channel, with what speaks PSRP running on it.
    func open(_ service: SSHService) async throws -> SSHChannelHandle {
        timeline.begin(.channel)
        let channel = try await inPhase { try await makeChannel { try $0.openSession() } }
        timeline.begin(.subsystem)
        try await inPhase { try await send(variables, on: channel) }
        do {
            try await run { _ in try channel.request(service) }
        } catch let failure as SSHFailure where failure.isRefusal {
            throw service.refusal(by: target)
        } catch let failure as SSHFailure {
            throw protocolError(failure)
        }
        timeline.end()
        return channel
    }

    /// A channel with a command line running on it. The phase is the caller's.
    func open(command line: String) async throws -> SSHChannelHandle {
        do {
            let channel = try await makeChannel { try $0.openSession() }
            try await send(variables, on: channel)
            try await run { _ in try channel.request(.command(line)) }
            return channel
        } catch let failure as SSHFailure where failure.isRefusal {
            throw TransportError(
                .commandRefused,
                phase: timeline.current,
                "\(target): the server starts no shell for --shell (\(failure.text)). Its sshd_config, or the options of the key "
                    + "in authorized_keys, may forbid commands, or allow too few sessions (MaxSessions)."
            )
        } catch let failure as SSHFailure {
            throw protocolError(failure)
        }
    }

    /// Sets variables of the far process; a server that does not take one says so, and that is that (RFC 4254, 6.4).
    private func send(_ variables: [SSHVariable], on channel: SSHChannelHandle) async throws {
        for variable in variables {
            do {
                try await run { _ in try channel.setVariable(variable.name, variable.value) }
            } catch let failure as SSHFailure where failure.isRefusal {
                continue
            }
        }
    }

    // MARK: Errors

    private func inPhase<Result>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let failure as SSHFailure {
            throw try await explained(failure)
        }
    }

    private func inPhase<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let failure as SSHFailure {
            throw protocolError(failure)
        }
    }

    /// What is known besides of why the connection ended: how the proxy's command did.
    private func explained(_ failure: SSHFailure) async throws -> TransportError {
        guard let proxy, timeline.current?.isBanner == true || timeline.current == .kex,
            let ending = try await waitOffLoop(in: .files, { proxy.ending() })
        else { return protocolError(failure) }
        let phase = timeline.current ?? .tcp
        return TransportError(
            .processFailed,
            phase: phase,
            "\(target): the connection failed while \(phase.activity): ProxyCommand brings none; \(ending). Run it by itself "
                + "to see why."
        )
    }

    private func protocolError(_ failure: SSHFailure) -> TransportError {
        var phase = timeline.current ?? .tcp
        if let shortage = failure.shortage {
            let words = "\(target): the connection failed while \(phase.activity): \(failure.text). \(shortage.cure)"
            return TransportError(.connectionFailed, phase: phase, words)
        }
        let isEarly = phase.isBanner || phase == .kex
        let said = isEarly ? session?.greeting.reason : nil
        // A banner and a goodbye may come in one piece.
        if phase.isBanner, session?.greeting.isIdentified == true { phase = .kex }
        let activity =
            phase.isBanner && proxy != nil
            ? "waiting for the server's SSH identification: ProxyCommand brings none; run it by itself to see why"
            : [phase.activity, phase.suspicion].compactMap(\.self).joined(separator: ": ")
        let reason = said.map { "the server said: \($0)" } ?? failure.text
        var error = TransportError(
            .protocolError,
            phase: phase,
            "\(target): the connection failed while \(said == nil ? activity : phase.activity): \(reason)."
        )
        if phase.isBanner, proxy == nil { error.turnedAway = session?.greeting.turnedAway }
        return error
    }
}

extension ConnectionPhase {
    fileprivate var isBanner: Bool { self == .banner || self == .proxiedBanner }
}
