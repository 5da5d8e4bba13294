import Connections
import EventLoops
import Threads

/// Decides whether a server's host key is the right one, by the known_hosts files and what is to be done with others.
struct HostKeyVerifier: Sendable {
    let known: KnownHosts
    let accepted: AcceptedHostKeys
    let ask: (@Sendable (UnknownHostKey) async -> Bool)?
    let target: String
    let warn: @Sendable (String) -> Void
    /// Key types that a first attempt learned: the host is known by these, and offered another.
    var learnedTypes: [String] = []
    /// The type of the key that the host was accepted with in this run.
    var acceptedType: String?

    /// Thrown where the host is known by keys of other types than the one it showed: worth another connection that asks
    /// for one of those.
    struct OtherKeyTypesKnown: Error {
        let types: [String]
    }

    /// The algorithms to ask the server for: those it is known by first, among them those first that are psrun's first
    /// (sshconnect2.c, order_hostkeyalgs).
    func algorithmOrder(_ settings: SSHSettings) -> [String] {
        let algorithms = settings.hostKeyAlgorithms
        guard !settings.keepsHostKeyOrder || !learnedTypes.isEmpty else { return algorithms }
        var types = Set(learnedTypes)
        if types.isEmpty { types = Set(known.plainLines(for: settings.knownHostsName).map(\.key.algorithm)) }
        if types.isEmpty, let acceptedType { types = [acceptedType] }
        if types.isEmpty { types = known.hashedKeyTypes }
        return algorithms.filter { types.contains(Self.keyType(of: $0)) }
            + algorithms.filter { !types.contains(Self.keyType(of: $0)) }
    }

    /// - Throws: TransportError where the key is revoked, has changed, or is unknown and not to be taken.
    func check(_ key: PublicKey, settings: SSHSettings, on link: isolated SSHLink) async throws {
        let name = settings.knownHostsName
        if let authority = known.authority(for: name) {
            warn("\(target): \(authority.place): @cert-authority is not supported: the line is ignored.")
        }
        // ssh takes a key that it knows for the host at its usual port as well.
        let names =
            settings.hostKeyAlias == nil && settings.port != 22 ? [name, settings.hostName.lowercased()] : [name]
        switch known.verdict(on: key, names: names) {
        case .known: return
        case .revoked(let line): throw revoked(key, line)
        case .unknown: break
        }
        var others = known.plainLines(for: name)
        if others.isEmpty, known.hasHashedNames {
            let known = self.known
            others = try await link.waitOffLoop(in: .keys) { known.hashedLines(for: name) }
        }
        if others.isEmpty { return try await takeUnknown(key, name: name, settings: settings, on: link) }
        try lookForOther(key, types: others.map(\.key.algorithm), settings)
        throw changed(key, others, name: name)
    }

    /// - Throws: OtherKeyTypesKnown where another connection may bring a key of the types that the host is known by.
    private func lookForOther(_ key: PublicKey, types: [String], _ settings: SSHSettings) throws {
        guard !types.contains(key.algorithm), learnedTypes.isEmpty,
            settings.hostKeyAlgorithms.contains(where: { types.contains(Self.keyType(of: $0)) })
        else { return }
        throw OtherKeyTypesKnown(types: types)
    }

    private func takeUnknown(
        _ key: PublicKey,
        name: String,
        settings: SSHSettings,
        on link: isolated SSHLink
    ) async throws {
        let host = try await link.waitForTask { [self] in
            try await accepted.take(key, for: name) { try await decide(key, name: name, settings: settings) }
        }
        guard host != key else { return }
        try lookForOther(key, types: [host.algorithm], settings)
        throw changedInRun(key, host, settings)
    }

    /// Returns where a key that is not known is to be taken; remembers it.
    private func decide(_ key: PublicKey, name: String, settings: SSHSettings) async throws {
        switch settings.hostKeyCheck {
        case .no: return
        case .acceptNew: break
        case .yes:
            guard let ask, settings.mayAskAboutHostKey else { throw unknown(key, settings) }
            let question = UnknownHostKey(
                target: target,
                host: name,
                algorithm: key.algorithm,
                fingerprint: key.fingerprint
            )
            guard await ask(question) else { throw unknown(key, settings) }
        }
        guard let file = settings.userKnownHostsFiles.first else { return }
        let hashed = settings.hashKnownHosts
        try await offLoop(in: .files) {
            try KnownHostsFile.append(name: name, key: key, to: file, hashed: hashed)
        }
    }

    private static func keyType(of algorithm: String) -> String {
        algorithm.hasPrefix("rsa-sha2-") ? "ssh-rsa" : algorithm
    }
}
