/// Where a run's passwords and passphrases come from: files, commands or a terminal, each asked once and only when
/// something needs it.
package struct CredentialSource: Sendable {
    /// What a secret is needed for.
    package enum Need: Sendable, Hashable {
        /// The passphrase of a key file.
        case passphrase(keyFile: String)
        /// The password of a user at a host (the host as the user named it).
        case password(user: String, host: String)
        /// A keyboard-interactive prompt that is not a plain password question.
        case answer(prompt: String, echo: Bool, user: String, host: String)

        /// Whether what is typed for it may be seen.
        package var isEchoed: Bool {
            if case .answer(_, echo: true, _, _) = self { true } else { false }
        }
    }

    private let provide: @Sendable (Need) async throws -> Secret?

    /// - Parameter provide: the secret, or nil where there is none. It may block (a terminal): it is not called on a loop.
    package init(_ provide: @escaping @Sendable (Need) async throws -> Secret? = { _ in nil }) {
        self.provide = provide
    }

    package func secret(for need: Need) async throws -> Secret? {
        try await provide(need)
    }
}
