/// One usable line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
struct KnownHostsLine: Sendable, Hashable {
    enum Marker: Sendable, Hashable {
        case none, revoked, certificateAuthority
    }

    enum Names: Sendable, Hashable {
        /// Lower-cased, without wildcards or negation.
        case exact([String])
        case patterns([HostPattern])
        /// `|1|salt|hash`: HMAC-SHA1 of the one name, keyed with the salt.
        case hashed(salt: [UInt8], hash: [UInt8])
    }

    let marker: Marker
    let names: Names
    let key: PublicKey
    let file: String
    /// Counted from 1.
    let number: Int

    /// Where it stands, for a message.
    var place: String { "\(file):\(number)" }

    /// Reads a line; nil for a comment, a blank line, or one that is not a known_hosts line: one whose key is not a key, as
    /// those of SSH 1 and those that were cut off, among them.
    init?(_ text: Substring, file: String, number: Int) {
        var fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
        guard let first = fields.first, !first.hasPrefix("#") else { return nil }
        switch first {
        case "@revoked": marker = .revoked
        case "@cert-authority": marker = .certificateAuthority
        default:
            guard !first.hasPrefix("@") else { return nil }
            marker = .none
        }
        if marker != .none { fields.removeFirst() }
        guard fields.count >= 3 else { return nil }
        let names = fields[fields.startIndex]
        key = PublicKey(
            algorithm: String(fields[fields.startIndex + 1]),
            base64: String(fields[fields.startIndex + 2])
        )
        guard key.isHostKey, let parsed = Self.parseNames(names) else { return nil }
        self.names = parsed
        self.file = file
        self.number = number
    }

    /// The host names that it has, as they stand; none where they are hashed.
    var nameTexts: [String] {
        switch names {
        case .exact(let names): names
        case .patterns(let patterns): patterns.map(\.text)
        case .hashed: []
        }
    }

    private static func parseNames(_ text: Substring) -> Names? {
        if text.hasPrefix("|") {
            let parts = text.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[1] == "1", let salt = decodeBase64(String(parts[2])),
                let hash = decodeBase64(String(parts[3])), hash.count == 20
            else { return nil }
            return .hashed(salt: salt, hash: hash)
        }
        let names = text.lowercased().split(separator: ",").map(String.init)
        guard names.contains(where: { $0.contains { "*?!".contains($0) } }) else { return .exact(names) }
        return .patterns(names.map { HostPattern($0) })
    }

    /// Whether the line is about this name: lower-cased, as known_hosts writes it (`host` or `[host]:port`).
    func matches(_ name: String) -> Bool {
        switch names {
        case .exact(let names): names.contains(name)
        case .patterns(let patterns): patterns.matches(name)
        case .hashed(let salt, let hash): hmacSHA1(Array(name.utf8), key: salt) == hash
        }
    }
}
