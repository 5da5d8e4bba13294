import Connections
import Threads

/// Decides whether a server's host key is the right one, by the known_hosts files and what is to be done with others.
struct HostKeyVerifier: Sendable {
    let known: KnownHosts
    let ask: (@Sendable (UnknownHostKey) async -> Bool)?
    let target: String
    let warn: @Sendable (String) -> Void
    /// Key types that a first attempt learned: the host is known by these, and offered another.
    var learnedTypes: [String] = []

    /// Thrown where the host is known by keys of other types than the one it showed: worth another connection that asks
    /// for one of those.
    struct OtherKeyTypesKnown: Error {
        let types: [String]
    }

    /// The algorithms to ask the server for: those it is known by first.
    func algorithmOrder(_ settings: SSHSettings) -> [String] {
        let plain = known.plainLines(for: settings.knownHostsName).map(\.key.algorithm)
        let preferred = !plain.isEmpty ? plain : learnedTypes.isEmpty ? known.hashedKeyTypes : learnedTypes
        let first = preferred.flatMap(Self.algorithms(of:)).filter(settings.hostKeyAlgorithms.contains)
        var seen: Set<String> = []
        return (first + settings.hostKeyAlgorithms).filter { seen.insert($0).inserted }
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
        guard let other = others.first(where: { $0.key.algorithm == key.algorithm }) ?? others.first else {
            return try await takeUnknown(key, name: name, settings: settings, on: link)
        }
        let types = others.map(\.key.algorithm)
        if !types.contains(key.algorithm), learnedTypes.isEmpty,
            types.contains(where: { !Self.algorithms(of: $0).isEmpty })
        {
            throw OtherKeyTypesKnown(types: types)
        }
        throw changed(key, other)
    }

    private func takeUnknown(
        _ key: PublicKey,
        name: String,
        settings: SSHSettings,
        on link: isolated SSHLink
    ) async throws {
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
            guard try await link.waitForTask({ await ask(question) }) else { throw unknown(key, settings) }
        }
        guard let file = settings.userKnownHostsFiles.first else { return }
        let hashed = settings.hashKnownHosts
        try await link.waitOffLoop(in: .files) {
            try KnownHostsFile.append(name: name, key: key, to: file, hashed: hashed)
        }
    }

    private static func algorithms(of keyType: String) -> [String] {
        switch keyType {
        case "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"]
        default: SSHSettings.supportedHostKeyAlgorithms.contains(keyType) ? [keyType] : []
        }
    }

    // MARK: Refusals

    private func unknown(_ key: PublicKey, _ settings: SSHSettings) -> TransportError {
        let port = settings.port == 22 ? "" : "-p \(settings.port) "
        // ssh-keyscan(1) writes the name it is given, and known_hosts has the host by its alias.
        let renamed = settings.hostKeyAlias == nil ? "" : " | sed 's/^[^#][^ ]*/\(settings.knownHostsName)/'"
        let file = settings.userKnownHostsFiles.first ?? "~/.ssh/known_hosts"
        return TransportError(
            .hostKeyUnknown,
            phase: .hostKey,
            "\(target): the host key is not known: \(key.algorithm) \(key.fingerprint). Compare the fingerprint with "
                + "the host's own (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there), then add it with "
                + "`ssh-keyscan \(port)\(settings.hostName)\(renamed) >> \(file)`, or give --host-key-check accept-new."
        )
    }

    private func changed(_ key: PublicKey, _ line: KnownHostsLine) -> TransportError {
        TransportError(
            .hostKeyChanged,
            phase: .hostKey,
            "\(target): THE HOST KEY HAS CHANGED. The server showed \(key.algorithm) \(key.fingerprint); "
                + "\(line.place) has \(line.key.algorithm) \(line.key.fingerprint). Somebody may be listening in, or the "
                + "host was set up anew. Once you know that it was, remove that line: "
                + "`sed -i \(line.number)d \(line.file)`."
        )
    }

    private func revoked(_ key: PublicKey, _ line: KnownHostsLine) -> TransportError {
        TransportError(
            .hostKeyRevoked,
            phase: .hostKey,
            "\(target): the host key is revoked: \(key.algorithm) \(key.fingerprint), by \(line.place). "
                + "The host needs a new key; do not log in to it with this one."
        )
    }
}
