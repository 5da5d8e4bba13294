extension WinRMAuthentication {
    /// What Digest counts and hashes with.
    package struct DigestMeans: Sendable {
        let method: String
        let target: String
        let clientNonce: @Sendable () -> String
        let hashes: any DigestHashing

        /// - Parameters:
        ///   - target: of the requests, as their first line has it.
        ///   - random: so many bytes that nobody can guess.
        package init(
            method: String = "POST",
            target: String,
            random: @escaping @Sendable (Int) -> [UInt8],
            hashes: any DigestHashing
        ) {
            self.init(
                method: method,
                target: target,
                clientNonce: { DigestChallenge.digits(of: random(16)) },
                hashes: hashes
            )
        }

        /// - Parameter clientNonce: a text without quotes that nobody can guess.
        init(
            method: String = "POST",
            target: String,
            clientNonce: @escaping @Sendable () -> String,
            hashes: any DigestHashing
        ) {
            self.method = method
            self.target = target
            self.clientNonce = clientNonce
            self.hashes = hashes
        }
    }

    mutating func answeredDigest(
        _ status: Int,
        _ challenges: [AuthenticationChallenge],
        _ information: [String]
    ) -> AuthenticationStep {
        guard status == 401 else {
            guard digest != nil else {
                return fail(.otherAnswer, "The server did not ask who the user is, and answered \(status).")
            }
            return answeredDigest(information)
        }
        guard challenges.contains(where: { $0.isOf(.digest) }) else { return reject(challenges) }
        do {
            let challenge = try DigestChallenge.best(of: challenges)
            guard let known = digest else {
                digest = login(challenge)
                return send(header(), .request)
            }
            // A nonce that is too old is no reason for a weaker hash.
            guard challenge.isStale, staleAnswers < Self.mostStaleAnswers, !known.isStronger(than: challenge) else {
                return reject(challenges)
            }
            staleAnswers += 1
            digest?.renew(challenge)
            return send(header(), .request)
        } catch {
            return fail(error.code, error.message)
        }
    }

    mutating func answeredDigest(_ information: [String]) -> AuthenticationStep {
        let told = AuthenticationChallenge.all(in: information.map { "Digest \($0)" }).first?.parameters ?? [:]
        if let proof = told["rspauth"], digest?.proves(proof) == false { return unproven() }
        if let next = told["nextnonce"] { digest?.renew(nonce: next) }
        staleAnswers = 0
        return ready()
    }

    func login(_ challenge: DigestChallenge) -> DigestLogin? {
        plan.credential.map { credential in
            DigestLogin(
                challenge,
                credential: credential,
                method: means.method,
                target: means.target,
                clientNonce: means.clientNonce(),
                hashes: means.hashes
            )
        }
    }
}
