import CLibSSH

/// What one authentication request came to so far.
enum AuthenticationStep {
    case accepted
    case denied
    /// Accepted, and something else is asked for too.
    case partial
    /// Keyboard-interactive: the server asks.
    case prompts
    case again
}

/// Authentication methods, as libssh numbers them.
struct AuthenticationMethods: OptionSet, Sendable {
    let rawValue: UInt32

    static let password = AuthenticationMethods(rawValue: UInt32(SSH_AUTH_METHOD_PASSWORD))
    static let publicKey = AuthenticationMethods(rawValue: UInt32(SSH_AUTH_METHOD_PUBLICKEY))
    static let interactive = AuthenticationMethods(rawValue: UInt32(SSH_AUTH_METHOD_INTERACTIVE))

    /// The names that SSH has for them (RFC 4252, 5; RFC 4256).
    var names: String {
        let all: [(AuthenticationMethods, String)] = [
            (.publicKey, "publickey"), (.interactive, "keyboard-interactive"), (.password, "password"),
        ]
        return all.filter { contains($0.0) }.map(\.1).joined(separator: ", ")
    }
}

/// One line that a server asks for in keyboard-interactive authentication (RFC 4256).
struct InteractivePrompt: Sendable {
    let text: String
    let echo: Bool
}
