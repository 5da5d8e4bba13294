import Connections
import Files

/// Passwords, and what a server asks for in its own words.
extension Authenticator {
    /// Asks for the password and sends it, so many times as ssh would where a person is asked.
    func tryPassword(
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep {
        let need = CredentialSource.Need.password(user: settings.user, host: target)
        for refusals in 0..<settings.passwordPrompts {
            guard let password = try await secret(need, refusals, settings, on: link) else { break }
            history.note("a password")
            let step = try await link.authenticate { try $0.authenticate(password: password, as: settings.user) }
            history.learn(from: link)
            guard step == .denied, history.mayTry(.password) else { return step }
        }
        return .denied
    }

    func tryInteractively(
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep {
        history.note("keyboard-interactive")
        for refusals in 0..<settings.passwordPrompts {
            guard let step = try await converse(settings, refusals, &history, on: link) else { break }
            history.learn(from: link)
            guard step == .denied, history.mayTry(.interactive) else { return step }
        }
        return .denied
    }

    /// A server may ask several times in one conversation; one that never stops is of no use.
    static let mostRounds = 10

    /// One conversation (RFC 4256, 3).
    /// - Returns: nil where there is no use in another one: nothing was asked, or nothing answered.
    private func converse(
        _ settings: SSHSettings,
        _ refusals: Int,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep? {
        var hasAnswered = false
        var hasGivenPassword = false
        for _ in 0..<Self.mostRounds {
            let step = try await link.authenticate { try $0.authenticateInteractively(as: settings.user) }
            guard step == .prompts else { return step != .denied || hasAnswered ? step : nil }
            let prompts = link.session?.interactivePrompts() ?? []
            for (index, prompt) in prompts.enumerated() {
                let need: CredentialSource.Need
                switch PromptMeaning(prompt, isOnly: prompts.count == 1 && !hasGivenPassword, history) {
                case .password(let words):
                    need = .password(user: settings.user, host: target, prompt: words)
                    hasGivenPassword = true
                case .other:
                    need = .answer(prompt: prompt.text, echo: prompt.echo, user: settings.user, host: target)
                }
                guard let answer = try await secret(need, refusals, settings, on: link) else {
                    history.unanswered = String(prompt.text.prefix(200))
                    // What was begun is ended with empty answers, so that another method may follow.
                    if history.mayTry(.password) {
                        _ = try await link.authenticate { try $0.authenticateInteractively(as: settings.user) }
                    }
                    return nil
                }
                link.session?.answerPrompt(index, with: answer)
                hasAnswered = true
            }
        }
        return nil
    }

    private func secret(
        _ need: CredentialSource.Need,
        _ refusals: Int,
        _ settings: SSHSettings,
        on link: isolated SSHLink
    ) async throws -> Secret? {
        let request = CredentialSource.Request(
            need: need,
            refusals: refusals,
            mayAskPerson: settings.mayAskForSecrets
        )
        link.ownWait = need.isPassword ? credentials.passwordOrigin : nil
        defer { link.ownWait = nil }
        return try await link.waitForTask { [credentials] in try await credentials.secret(for: request) }
    }
}

/// What a keyboard-interactive prompt asks for.
private enum PromptMeaning {
    /// The password; with the server's words for it where they do not say so in English.
    case password(words: String?)
    case other

    /// A server that takes no password but in this way asks for it in the first hidden prompt that stands alone, whatever it
    /// calls it.
    init(_ prompt: InteractivePrompt, isOnly: Bool, _ history: AuthenticationHistory) {
        if !prompt.echo, prompt.text.lowercased().contains("password") {
            self = .password(words: nil)
        } else if !prompt.echo, isOnly, history.knowsMethods, !history.mayTry(.password) {
            self = .password(words: prompt.text)
        } else {
            self = .other
        }
    }
}
