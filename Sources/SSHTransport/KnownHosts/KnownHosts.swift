import CCrypto

/// The lines of some known_hosts files, in their order, arranged so that a look-up costs little: the names that are
/// written out in a dictionary, keys in another, so that a hashed name is only computed where the key fits already.
struct KnownHosts: Sendable {
    /// What the files say of a server's key.
    enum Verdict: Sendable, Hashable {
        case known
        case revoked(KnownHostsLine)
        /// No line has this key for this host, though one may have another.
        case unknown
    }

    private var lines: [KnownHostsLine] = []
    private var byName: [String: [Int]] = [:]
    private var byKey: [String: [Int]] = [:]
    private var patterned: [Int] = []
    private var hashed: [Int] = []
    private var authorities: [Int] = []

    init() {}

    /// Adds a file's lines behind those of the files before.
    mutating func add(_ text: String, file: String) {
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            // A file edited on Windows has CRLF, which is one Character.
            for part in line.split(separator: "\r\n", omittingEmptySubsequences: false) {
                if let entry = KnownHostsLine(part, file: file, number: number) { add(entry) }
                if part.endIndex != line.endIndex { number += 1 }
            }
        }
    }

    private mutating func add(_ line: KnownHostsLine) {
        let index = lines.count
        lines.append(line)
        switch line.marker {
        case .certificateAuthority:
            authorities.append(index)
            return
        case .revoked:
            byKey[line.key.base64, default: []].append(index)
            return
        case .none:
            byKey[line.key.base64, default: []].append(index)
        }
        switch line.names {
        case .exact(let names): for name in names { byName[name, default: []].append(index) }
        case .patterns: patterned.append(index)
        case .hashed: hashed.append(index)
        }
    }

    var hasHashedNames: Bool { !hashed.isEmpty }

    /// Lines about a name that is written out or fits a pattern.
    func plainLines(for name: String) -> [KnownHostsLine] {
        let indices = (byName[name] ?? []) + patterned.filter { lines[$0].matches(name) }
        return indices.sorted().map { lines[$0] }
    }

    /// Lines whose hashed name is this one: an HMAC for each of them, so not on a loop.
    func hashedLines(for name: String) -> [KnownHostsLine] {
        hashed.lazy.map { lines[$0] }.filter { $0.matches(name) }
    }

    /// The first line that makes somebody a certificate authority for this name: not supported, so worth a warning.
    func authority(for name: String) -> KnownHostsLine? {
        authorities.lazy.map { lines[$0] }.first { $0.matches(name) }
    }

    /// Whether a line revokes this key, or knows it under one of the names: the key is looked up first, so that even
    /// among hashed names one or two HMACs tell.
    func verdict(on key: PublicKey, names: [String]) -> Verdict {
        let candidates = (byKey[key.base64] ?? []).map { lines[$0] }
        let matching = candidates.filter { line in names.contains(where: line.matches) }
        if let revoked = matching.first(where: { $0.marker == .revoked }) { return .revoked(revoked) }
        return matching.isEmpty ? .unknown : .known
    }

    /// Key types in the hashed lines.
    var hashedKeyTypes: Set<String> { Set(hashed.map { lines[$0].key.algorithm }) }
}

/// HMAC with SHA-1 (RFC 2104), which is what known_hosts hashes names with.
func hmacSHA1(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    var count: CUnsignedInt = 20
    HMAC(EVP_sha1(), key, CInt(key.count), message, message.count, &digest, &count)
    return digest
}
