import Files
package import TLS

/// The authentication within CredSSP: a security context of SPNEGO, without channel bindings.
package protocol CredSSPInnerContext: Sendable {
    /// The next token for the host's last one, nil at first.
    func step(_ input: [UInt8]?) async throws -> (output: [UInt8]?, complete: Bool)
    /// Seals as gss_wrap(3) does: header and ciphertext in one.
    func wrap(_ plain: [UInt8]) throws -> [UInt8]
    func unwrap(_ sealed: [UInt8]) throws -> [UInt8]
}

/// CredSSP as a client (MS-CSSP, 3.1.5): the next token for the host's last one, until the credentials are handed over.
/// One value a connection, and one owner at a time.
package final class CredSSPClient {
    /// NTLM takes three, Kerberos two.
    static let mostLegs = 16
    static let nonceBytes = 32
    /// The first version after the update of May 2018: what an older one proves, somebody in the middle can pass on.
    static let oldest: UInt32 = 5

    private enum State {
        case handshake
        /// The inner context has so many legs behind it.
        case negotiating(legs: Int)
        /// The inner context is complete, and the host has not said yet which version it speaks.
        case complete
        case proving(PublicKeyProof)
        case handedOver
    }

    private let tls: TLSEngine
    private let inner: any CredSSPInnerContext
    private let identity: CredSSPIdentity
    private let nonce: [UInt8]
    private var state = State.handshake
    private var hasStarted = false
    /// What the host says that it speaks, once it has.
    private var version: UInt32?

    /// - Parameters:
    ///   - context: made with `TLSSettings.withinCredSSP`.
    ///   - nonce: 32 random bytes.
    /// - Throws: CredSSPFailure, tls.
    package init(
        _ context: TLSContext,
        inner: any CredSSPInnerContext,
        identity: CredSSPIdentity,
        nonce: [UInt8] = CredSSPClient.randomNonce()
    ) throws(CredSSPFailure) {
        do throws(TLSFailure) {
            tls = try TLSEngine(context, host: nil)
        } catch {
            throw .tls(error)
        }
        self.inner = inner
        self.identity = identity
        self.nonce = nonce
    }

    package static func randomNonce() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<nonceBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The next token. After the one that is `complete`, the host answers 200, and messages are sealed with `sealer`.
    /// - Parameters:
    ///   - input: what the host sent: nil at first, and where it sent nothing.
    /// - Throws: CredSSPFailure; what the inner context throws.
    package func step(
        _ input: [UInt8]?,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> (output: [UInt8]?, complete: Bool) {
        let said = try receive(input)
        switch state {
        case .handshake:
            if !said.toSend.isEmpty { return (said.toSend, false) }
            guard said.isOpen else { throw CredSSPFailure.malformed("its TLS handshake goes no further") }
            state = .negotiating(legs: 0)
            return (try await negotiate(nil, isolation), false)
        case .negotiating:
            let answer = try request(said)
            guard let token = answer.negoToken else {
                throw CredSSPFailure.malformed("the answer has no token of the inner authentication")
            }
            return (try await negotiate(token, isolation), false)
        case .complete:
            _ = try request(said)
            return (try seal(try proving(with: nil)), false)
        case .proving(let proof):
            let answer = try request(said)
            guard let sealed = answer.pubKeyAuth else {
                throw CredSSPFailure.malformed("the answer has no proof of its key (pubKeyAuth)")
            }
            guard try inner.unwrap(sealed) == proof.ofServer else { throw CredSSPFailure.notTheHost }
            state = .handedOver
            return (try seal(try handingOver()), true)
        case .handedOver:
            // The last answer may say why it was for nothing.
            if !said.plaintext.isEmpty { _ = try request(said) }
            return (nil, true)
        }
    }

    /// What seals messages from now on, once the credentials are handed over.
    package var sealer: CredSSPSealer? {
        guard case .handedOver = state else { return nil }
        return CredSSPSealer(tls)
    }

    // MARK: The inner authentication

    private func negotiate(_ token: [UInt8]?, _ isolation: isolated (any Actor)?) async throws -> [UInt8] {
        guard case .negotiating(let legs) = state, legs < Self.mostLegs else {
            throw CredSSPFailure.malformed("the inner authentication does not end")
        }
        state = .negotiating(legs: legs + 1)
        let (output, isComplete) = try await inner.step(token)
        guard isComplete else {
            guard let output else { throw CredSSPFailure.malformed("the inner authentication has nothing to say") }
            return try seal(TSRequest(negoToken: output))
        }
        state = .complete
        guard version != nil else { return try seal(TSRequest(negoToken: output ?? [])) }
        return try seal(try proving(with: output))
    }

    private func proof() throws(CredSSPFailure) -> PublicKeyProof {
        let key = tls.peerCertificate?.publicKeyBits ?? []
        guard !key.isEmpty else { throw .malformed("its certificate has no public key") }
        return PublicKeyProof(key: key, nonce: nonce)
    }

    private func proving(with token: [UInt8]?) throws -> TSRequest {
        let proof = try proof()
        let sealed = try inner.wrap(proof.ofClient)
        state = .proving(proof)
        return TSRequest(negoToken: token, pubKeyAuth: sealed, clientNonce: nonce)
    }

    private func handingOver() throws -> TSRequest {
        var credentials = identity.credentials()
        defer { FileContents.wipe(&credentials) }
        return TSRequest(authInfo: try inner.wrap(credentials))
    }

    // MARK: TLS around it

    private func receive(_ input: [UInt8]?) throws(CredSSPFailure) -> TLSProgress {
        do throws(TLSFailure) {
            if !hasStarted {
                hasStarted = true
                return try tls.start()
            }
            let progress = try tls.feed(input ?? [])
            guard !progress.isClosed else { throw TLSFailure(.closed, "the host ended it.") }
            return progress
        } catch {
            throw .tls(error)
        }
    }

    private func seal(_ request: TSRequest) throws(CredSSPFailure) -> [UInt8] {
        do throws(TLSFailure) {
            return try tls.write(request.encoded())
        } catch {
            throw .tls(error)
        }
    }

    /// The host's message: exactly one, of a version that is taken.
    private func request(_ said: TLSProgress) throws(CredSSPFailure) -> TSRequest {
        guard !said.plaintext.isEmpty else { throw .malformed("the answer has no TSRequest") }
        guard said.toSend.isEmpty else { throw .malformed("it begins another TLS handshake") }
        let request = try TSRequest(decoding: said.plaintext)
        let common = min(request.version, UInt32(TSRequest.newest))
        if let status = request.errorCode, status != 0 { throw .refused(status) }
        guard common >= Self.oldest else { throw .tooOld(request.version) }
        guard version == nil || version == common else { throw .malformed("it changes its version") }
        version = common
        return request
    }
}
