package import Files

/// Where a run's passwords and passphrases come from: files, commands or a terminal, each asked once and only when
/// something needs it.
package struct CredentialSource: Sendable {
    /// What a secret is needed for.
    package enum Need: Sendable, Hashable {
        /// The passphrase of a key file.
        case passphrase(keyFile: String)
        /// The password of a user at a host (the host as the user named it). With the server's own words for it where it has
        /// some that do not say so (`Passwort:`).
        case password(user: String, host: String, prompt: String? = nil)
        /// A keyboard-interactive prompt that is not a plain password question.
        case answer(prompt: String, echo: Bool, user: String, host: String)

        var isPassword: Bool {
            if case .password = self { true } else { false }
        }

        /// Whether what is typed for it may be seen.
        package var isEchoed: Bool {
            if case .answer(_, echo: true, _, _) = self { true } else { false }
        }
    }

    /// How something is asked for.
    package struct Request: Sendable, Hashable {
        package let need: Need
        /// How often what was given for it was refused before, in this login.
        package var refusals = 0
        /// Whether a person may be asked (ssh_config's BatchMode).
        package var mayAskPerson = true

        package init(need: Need, refusals: Int = 0, mayAskPerson: Bool = true) {
            self.need = need
            self.refusals = refusals
            self.mayAskPerson = mayAskPerson
        }
    }

    /// What gives passwords, as a user knows it, where that may take its time.
    package let passwordOrigin: String?
    private let provide: @Sendable (Request) async throws -> Secret?

    /// - Parameter provide: the secret, or nil where there is none. It may block (a terminal): it is not called on a loop.
    package init(
        passwordOrigin: String? = nil,
        _ provide: @escaping @Sendable (Request) async throws -> Secret?
    ) {
        self.passwordOrigin = passwordOrigin
        self.provide = provide
    }

    /// One that has one secret at most for each need, and so none after that was refused.
    package static func once(_ provide: @escaping @Sendable (Need) async throws -> Secret?) -> CredentialSource {
        CredentialSource { $0.refusals == 0 ? try await provide($0.need) : nil }
    }

    /// One that has none.
    package static let none = once { _ in nil }

    package func secret(for request: Request) async throws -> Secret? {
        try await provide(request)
    }
}
