/// A server's challenge of Digest (RFC 7616, section 3.3), as far as it can be answered.
struct DigestChallenge: Sendable, Hashable {
    /// From the weakest to the strongest.
    enum Algorithm: String, CaseIterable {
        case md5 = "MD5"
        case md5Session = "MD5-sess"
        case sha256 = "SHA-256"
        case sha256Session = "SHA-256-sess"

        var isSession: Bool { self == .md5Session || self == .sha256Session }

        /// In letters, as all hashes of Digest are written.
        func hash(_ bytes: [UInt8], _ hashes: any DigestHashing) -> String {
            let digest =
                switch self {
                case .md5, .md5Session: hashes.md5(bytes)
                case .sha256, .sha256Session: hashes.sha256(bytes)
                }
            return DigestChallenge.digits(of: digest)
        }
    }

    /// Two digits of hexadecimal a byte.
    static func digits(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    let algorithm: Algorithm
    let realm: String
    let nonce: String
    let opaque: String?
    /// Only the nonce was too old: the password is not in question.
    let isStale: Bool
    let hidesUser: Bool

    /// The strongest challenge that can be answered. A server that could check SHA-256 is never told MD5's.
    /// - Throws: AuthenticationFailure where there is none.
    static func best(of challenges: [AuthenticationChallenge]) throws(AuthenticationFailure) -> DigestChallenge {
        let digests = challenges.filter { $0.isOf(.digest) }
        let usable = digests.compactMap(DigestChallenge.init)
        let strongest = usable.max { left, right in left.strength < right.strength }
        if let strongest { return strongest }
        let offered = digests.prefix(4).map { challenge in
            "\((challenge.parameters["algorithm"] ?? "MD5").prefix(20)) with qop \((challenge.parameters["qop"] ?? "missing").prefix(20))"
        }
        throw AuthenticationFailure(
            .malformed,
            "The server's Digest cannot be answered (\(offered.joined(separator: "; "))): psrun knows MD5 and SHA-256, with qop "
                + "auth, a realm and a nonce."
        )
    }

    var strength: Int { Algorithm.allCases.firstIndex(of: algorithm) ?? 0 }

    private init?(_ challenge: AuthenticationChallenge) {
        let named = challenge.parameters["algorithm"] ?? Algorithm.md5.rawValue
        let methods = (challenge.parameters["qop"] ?? "").split(separator: ",").map {
            $0.lowercased().filter { $0 != " " && $0 != "\t" }
        }
        guard let algorithm = Algorithm.allCases.first(where: { $0.rawValue.lowercased() == named.lowercased() }),
            methods.contains("auth"), let realm = challenge.parameters["realm"],
            let nonce = challenge.parameters["nonce"], !nonce.isEmpty
        else { return nil }
        self.algorithm = algorithm
        self.realm = realm
        self.nonce = nonce
        opaque = challenge.parameters["opaque"]
        isStale = challenge.parameters["stale"]?.lowercased() == "true"
        hidesUser = challenge.parameters["userhash"]?.lowercased() == "true"
    }
}
