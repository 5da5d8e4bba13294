import Connections

/// What one session's authentication has tried and learned.
struct AuthenticationHistory {
    /// As a person knows them: key files, "the agent's keys", "a password".
    private(set) var tried: [String] = []
    /// The public keys that were offered, in base64: none is offered twice to one list of methods.
    var triedKeys: Set<String> = []
    /// What the server said that it takes; nil before it refused anything.
    private(set) var allowed: AuthenticationMethods?
    /// Why key files could not be used.
    private(set) var unusableKeys: [TransportError] = []
    /// Keys that were not offered since PubkeyAcceptedAlgorithms leaves their type out: `~/.ssh/id (ssh-ed25519)`.
    private(set) var excludedKeys: [String] = []
    var ending: String?
    /// What the server asked for, and nothing answered.
    var unanswered: String?
    /// How often the server took something and asked for more.
    private(set) var partialSuccesses = 0

    /// More steps than these no server asks for in earnest.
    static let mostPartialSuccesses = 8

    var knowsMethods: Bool { allowed != nil }

    func mayTry(_ method: AuthenticationMethods) -> Bool {
        allowed?.contains(method) ?? true
    }

    /// The server has taken something, and asks for more.
    /// - Returns: whether it is to be given more.
    mutating func takePartialSuccess() -> Bool {
        partialSuccesses += 1
        return partialSuccesses <= Self.mostPartialSuccesses
    }

    mutating func note(_ attempt: String) {
        if !tried.contains(attempt) { tried.append(attempt) }
    }

    mutating func note(unusable error: TransportError) {
        if !unusableKeys.contains(error) { unusableKeys.append(error) }
    }

    mutating func note(excluded key: String, type: String) {
        let text = "\(key) (\(type))"
        if !excludedKeys.contains(text) { excludedKeys.append(text) }
    }

    mutating func learn(from link: isolated SSHLink) {
        if let left = link.session?.methodsLeft, !left.isEmpty { allowed = left }
    }
}
