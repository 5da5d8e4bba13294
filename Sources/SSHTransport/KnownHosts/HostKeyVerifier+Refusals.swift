import Connections

/// Why a host key is not taken, and what to do about it.
extension HostKeyVerifier {
    func unknown(_ key: PublicKey, _ settings: SSHSettings) -> TransportError {
        let port = settings.port == 22 ? "" : "-p \(settings.port) "
        // ssh-keyscan(1) writes the name it is given, and known_hosts has the host by its alias.
        let renamed = settings.hostKeyAlias == nil ? "" : " | sed 's/^[^#][^ ]*/\(settings.knownHostsName)/'"
        let file = settings.userKnownHostsFiles.first.map(KnownHostsCure.quoted) ?? "~/.ssh/known_hosts"
        return TransportError(
            .hostKeyUnknown,
            phase: .hostKey,
            "\(target): the host key is not known: \(key.algorithm) \(key.fingerprint). Compare the fingerprint with "
                + "the host's own (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there), then add it with "
                + "`ssh-keyscan \(port)\(settings.hostName)\(renamed) >> \(file)`, or give --host-key-check accept-new."
        )
    }

    /// - Parameter lines: what the files have for the host, at least one.
    func changed(_ key: PublicKey, _ lines: [KnownHostsLine], name: String) -> TransportError {
        let line = lines.first { $0.key.algorithm == key.algorithm } ?? lines.first
        let known = line.map { "\($0.place) has \($0.key.algorithm) \($0.key.fingerprint)" } ?? ""
        return TransportError(
            .hostKeyChanged,
            phase: .hostKey,
            "\(target): THE HOST KEY HAS CHANGED. The server showed \(key.algorithm) \(key.fingerprint); \(known). "
                + "Somebody may be listening in, or the host was set up anew. Once you know that it was, remove its old "
                + "keys: \(KnownHostsCure.sentences(for: lines, name: name))"
        )
    }

    /// - Parameter accepted: what the host showed before in this run.
    func changedInRun(_ key: PublicKey, _ accepted: PublicKey, _ settings: SSHSettings) -> TransportError {
        let name = settings.knownHostsName
        var cure = ""
        if settings.hostKeyCheck != .no, let file = settings.userKnownHostsFiles.first {
            let command = "`ssh-keygen -f \(KnownHostsCure.quoted(file)) -R \(KnownHostsCure.quoted(name))`"
            cure = " The one that was accepted is in \(file); if it is the wrong one, remove it: \(command)."
        }
        return TransportError(
            .hostKeyChanged,
            phase: .hostKey,
            "\(target): THE HOST KEY HAS CHANGED within this run. The server showed \(key.algorithm) \(key.fingerprint); "
                + "before, \(name) showed \(accepted.algorithm) \(accepted.fingerprint), which was accepted. Either two "
                + "servers answer to this name, or somebody may be listening in: compare both with the host's own.\(cure)"
        )
    }

    func revoked(_ key: PublicKey, _ line: KnownHostsLine) -> TransportError {
        TransportError(
            .hostKeyRevoked,
            phase: .hostKey,
            "\(target): the host key is revoked: \(key.algorithm) \(key.fingerprint), by \(line.place). "
                + "The host needs a new key; do not log in to it with this one. Where the key was revoked by mistake, take "
                + "the @revoked line with this key out by hand: `ssh-keygen -R` leaves such lines."
        )
    }
}
