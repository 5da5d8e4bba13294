import Connections
import Files
import Threads

/// Logs a session in: the named key at once, else agent, default keys and what the credential source has, in the order of
/// PreferredAuthentications. What the server refuses is never tried twice.
struct Authenticator: Sendable {
    private enum Attempt: Sendable, Hashable {
        case keyFile(String, isNamed: Bool)
        case agent(socket: String)
        case keyboardInteractive
        case password

        var method: AuthenticationMethods {
            switch self {
            case .keyFile, .agent: .publicKey
            case .keyboardInteractive: .interactive
            case .password: .password
            }
        }
    }

    let keys: KeyStore
    let credentials: CredentialSource
    /// How messages and questions name the host.
    let target: String
    let warn: @Sendable (String) -> Void

    /// - Throws: TransportError, authenticationFailed or keyFileUnusable.
    func authenticate(on link: isolated SSHLink, _ settings: SSHSettings) async throws {
        var pending = attempts(settings)
        var history = AuthenticationHistory()
        while let index = pending.firstIndex(where: { history.mayTry($0.method) }) {
            let attempt = pending.remove(at: index)
            let steps: [AuthenticationStep]
            do {
                steps = try await self.try(attempt, settings, &history, on: link)
            } catch let failure as SSHFailure where !history.tried.isEmpty {
                // What failed on this side leaves the connection as it was, and other ways may do.
                if link.session?.isConnected == true { continue }
                // The server hangs up once it has had enough.
                history.ending = failure.text
                break
            }
            if steps.contains(.accepted) { return }
            guard steps.contains(.partial) else { continue }
            guard history.takePartialSuccess() else { break }
            // What the server wants next may be any method, one that it refused before among them (RFC 4252, 5.1).
            pending = attempts(settings)
            history.triedKeys = []
        }
        if history.tried.isEmpty, let unusable = history.unusableKeys.first { throw unusable }
        throw refused(settings, history)
    }

    private func attempts(_ settings: SSHSettings) -> [Attempt] {
        settings.methods.flatMap { method -> [Attempt] in
            switch method {
            case .publicKey:
                let files = settings.identityFiles.map { Attempt.keyFile($0, isNamed: settings.hasNamedIdentities) }
                let agent = settings.agentSocket.map { [Attempt.agent(socket: $0)] } ?? []
                // A key that the user named goes first; keys that merely are there come after the agent's.
                return settings.hasNamedIdentities ? files + agent : agent + files
            case .keyboardInteractive: return [.keyboardInteractive]
            case .password: return [.password]
            }
        }
    }

    /// Makes one attempt; what the server said to each of its requests.
    private func `try`(
        _ attempt: Attempt,
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> [AuthenticationStep] {
        switch attempt {
        case .keyFile(let path, let isNamed):
            return try await tryKeyFile(path, isNamed: isNamed, settings, &history, on: link)
        case .agent(let socket):
            return try await [tryAgent(socket, settings, &history, on: link)]
        case .keyboardInteractive, .password:
            if !history.knowsMethods {
                // Nobody is asked for a password that the server would not take.
                let step = try await link.authenticate { try $0.authenticateWithNone(as: settings.user) }
                history.learn(from: link)
                guard step == .denied, history.mayTry(attempt.method) else { return [step] }
            }
            let step =
                attempt == .password
                ? try await tryPassword(settings, &history, on: link)
                : try await tryInteractively(settings, &history, on: link)
            history.learn(from: link)
            return [step]
        }
    }

    private func tryKeyFile(
        _ path: String,
        isNamed: Bool,
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> [AuthenticationStep] {
        // Its folder may lie on a network's disk that hangs.
        if !isNamed, try await !link.waitOffLoop(in: .files, { FileContents.exists(path) }) { return [] }
        let candidates: [SSHKeyHandle]
        do {
            let certificates = settings.certificateFiles
            let contents = try await link.waitForTask { [keys] in
                try await keys.contents(of: path, certificates: certificates)
            }
            switch contents {
            case .keys(let found): candidates = found
            case .locked:
                // As ssh: where the agent has the key, its copy is used, and nobody is asked for a passphrase.
                if let socket = settings.agentSocket,
                    let step = try await tryAgent(socket, for: path, settings, &history, on: link)
                {
                    return [step]
                }
                let (attempts, mayAsk) = (settings.passwordPrompts, settings.mayAskForSecrets)
                candidates = try await link.waitForTask { [keys] in
                    try await keys.unlock(path, certificates: certificates, attempts: attempts, mayAsk: mayAsk)
                }
            }
        } catch let error as TransportError where error.code == .keyFileUnusable {
            // The agent, or a password, may still do: of a file that is not there its public half may be.
            if isNamed, let socket = settings.agentSocket,
                let step = try await tryAgent(socket, for: path, settings, &history, on: link)
            {
                return [step]
            }
            if isNamed { history.note(unusable: error) }
            return []
        }
        var steps: [AuthenticationStep] = []
        for key in candidates {
            let text = try? key.publicKey().base64
            if let type = text.flatMap(settings.excludedType) {
                history.note(excluded: path, type: type)
                continue
            }
            if let text, !history.triedKeys.insert(text).inserted { continue }
            history.note(path)
            let step = try await link.authenticate { try $0.authenticate(key: key, as: settings.user) }
            history.learn(from: link)
            steps.append(step)
            if step != .denied { break }
        }
        return steps
    }

    private func refused(_ settings: SSHSettings, _ history: AuthenticationHistory) -> TransportError {
        let tried = history.tried.isEmpty ? "nothing to log in with was found" : history.tried.joined(separator: ", ")
        let partial = history.partialSuccesses == 0 ? "" : " It took a part of that, and asked for more."
        let taken = history.allowed.map { " The server accepts \($0.names)." } ?? ""
        let asked = history.unanswered.map { " It asked \"\($0)\", and nothing was there to answer." } ?? ""
        let ending = history.ending.map { " It ended the connection: \($0)." } ?? ""
        let excluded =
            history.excludedKeys.isEmpty
            ? ""
            : " PubkeyAcceptedAlgorithms of ssh_config or -Options leaves out the type of "
                + "\(history.excludedKeys.joined(separator: ", ")), which was not offered: add that type, or name another key."
        guard !history.tried.isEmpty || excluded.isEmpty else {
            return TransportError(
                .authenticationFailed,
                phase: .auth,
                "\(target): no key was offered.\(excluded)\(taken)\(asked)"
            )
        }
        let unusable = history.unusableKeys.map { " Also, \($0.message)" }.joined()
        return TransportError(
            .authenticationFailed,
            phase: .auth,
            "\(target): \(settings.user) was refused (tried: \(tried)).\(partial)\(excluded)\(taken)\(asked)\(ending) "
                + advice(settings) + unusable
        )
    }
}

extension Authenticator {
    /// What to look at where a login was refused: only what PreferredAuthentications leaves to be tried.
    private func advice(_ settings: SSHSettings) -> String {
        let takesKeys = settings.methods.contains(.publicKey)
        let takesPassword = settings.methods.contains { $0 != .publicKey }
        let key = "that the public key is in authorized_keys there"
        return switch (takesKeys, takesPassword) {
        case (true, true): "Check the user's name and \(key), or give --password-file."
        case (true, false): "Check the user's name and \(key)."
        case (false, _): "Check the user's name and password (--password-file, --password-command)."
        }
    }
}

extension SSHLink {
    /// Makes one authentication request and waits for the server's word on it.
    func authenticate(
        _ request: (SSHSessionHandle) throws -> AuthenticationStep
    ) async throws -> AuthenticationStep {
        var result = AuthenticationStep.again
        try await run { session in
            result = try request(session)
            return result == .again ? .again : .done
        }
        return result
    }
}
