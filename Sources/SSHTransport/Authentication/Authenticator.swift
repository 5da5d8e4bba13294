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

    /// - Throws: TransportError, authenticationFailed or keyFileUnusable.
    func authenticate(on link: isolated SSHLink, _ settings: SSHSettings) async throws {
        var pending = attempts(settings)
        var history = AuthenticationHistory()
        while let index = pending.firstIndex(where: { history.mayTry($0.method) }) {
            let attempt = pending.remove(at: index)
            do {
                for step in try await self.try(attempt, settings, &history, on: link) where step == .accepted { return }
            } catch let failure as SSHFailure where !history.tried.isEmpty {
                // The server hangs up once it has had enough.
                history.ending = failure.text
                break
            }
        }
        if let unusable = history.unusableKey { throw unusable }
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
                let step = try await link.authenticate { try $0.authenticateWithNone() }
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
            candidates = try await link.waitForTask { [keys] in
                try await keys.keys(in: path, certificates: certificates)
            }
        } catch let error as TransportError where error.code == .keyFileUnusable {
            // The agent, or a password, may still do.
            if isNamed { history.unusableKey = history.unusableKey ?? error }
            return []
        }
        var steps: [AuthenticationStep] = []
        for key in candidates {
            history.tried.append(path)
            let step = try await link.authenticate { try $0.authenticate(key: key) }
            history.learn(from: link)
            steps.append(step)
            if step != .denied { break }
        }
        return steps
    }

    private func tryPassword(
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep {
        guard let password = try await secret(.password(user: settings.user, host: target), on: link) else {
            return .denied
        }
        history.tried.append("a password")
        return try await link.authenticate { try $0.authenticate(password: password) }
    }

    private func tryInteractively(
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep {
        history.tried.append("keyboard-interactive")
        // A server may ask several times; one that never stops is of no use.
        for _ in 0..<10 {
            let step = try await link.authenticate { try $0.authenticateInteractively() }
            guard step == .prompts else { return step }
            for (index, prompt) in (link.session?.interactivePrompts() ?? []).enumerated() {
                let isPassword = !prompt.echo && prompt.text.lowercased().contains("password")
                let need: CredentialSource.Need =
                    isPassword
                    ? .password(user: settings.user, host: target)
                    : .answer(prompt: prompt.text, echo: prompt.echo, user: settings.user, host: target)
                guard let answer = try await secret(need, on: link) else { return .denied }
                link.session?.answerPrompt(index, with: answer)
            }
        }
        return .denied
    }

    private func secret(_ need: CredentialSource.Need, on link: isolated SSHLink) async throws -> Secret? {
        try await link.waitForTask { [credentials] in try await credentials.secret(for: need) }
    }

    private func refused(_ settings: SSHSettings, _ history: AuthenticationHistory) -> TransportError {
        let tried = history.tried.isEmpty ? "nothing to log in with was found" : history.tried.joined(separator: ", ")
        let taken = history.allowed.map { " The server accepts \($0.names)." } ?? ""
        let ending = history.ending.map { " It ended the connection: \($0)." } ?? ""
        return TransportError(
            .authenticationFailed,
            phase: .auth,
            "\(target): \(settings.user) was refused (tried: \(tried)).\(taken)\(ending) Check the user's name and that "
                + "the public key is in authorized_keys there, or give --password-file."
        )
    }
}

/// What one session's authentication has tried and learned.
struct AuthenticationHistory {
    /// As a person knows them: key files, "agent", "a password".
    var tried: [String] = []
    /// What the server said that it takes; nil before it refused anything.
    private(set) var allowed: AuthenticationMethods?
    var unusableKey: TransportError?
    var ending: String?

    var knowsMethods: Bool { allowed != nil }

    func mayTry(_ method: AuthenticationMethods) -> Bool {
        allowed?.contains(method) ?? true
    }

    mutating func learn(from link: isolated SSHLink) {
        if let left = link.session?.methodsLeft, !left.isEmpty { allowed = left }
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
