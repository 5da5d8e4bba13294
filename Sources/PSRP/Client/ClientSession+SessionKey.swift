package import CLIXML

/// Secure strings: in the clear at 2.4, under a session key before that, which is exchanged when the first one needs it.
extension ClientSession {
    /// The text of a secure string that was received.
    /// - Parameter bytes: what stands in the `.secureString`.
    /// - Returns: nil while the session key, which was asked for when it arrived, is not there
    ///   (`.other(.encryptedSessionKey, .null)` says that it is).
    /// - Throws: `.sessionKey` where it cannot be read.
    package func revealSecureString(_ bytes: [UInt8]) throws(PSRPError) -> PSString? {
        var plain = bytes
        if !sendsPlainSecureStrings {
            guard case .ready(let cipher) = sessionKey else {
                guard cryptography != nil else { throw Self.noCryptography }
                return nil
            }
            plain = try cipher.decrypt(bytes)
        }
        guard plain.count % 2 == 0 else { throw PSRPError(.sessionKey, "A secure string is not UTF-16.") }
        let units = stride(from: 0, to: plain.count, by: 2).map { UInt16(plain[$0]) | UInt16(plain[$0 + 1]) << 8 }
        return PSString(units: units)
    }

    /// A body to send: encoded, or kept until its secure strings can be.
    mutating func outgoing(_ value: PSValue) throws(PSRPError) -> OutgoingMessage.Content {
        guard value.containsSecureString, !sendsPlainSecureStrings else { return .body(encodeCLIXML(value)) }
        if case .ready(let cipher) = sessionKey { return .body(encodeCLIXML(try cipher.encrypt(value))) }
        guard cryptography != nil || protocolVersion == nil else { throw Self.noCryptography }
        if protocolVersion != nil { try askForSessionKey() }
        return .sealed(value)
    }

    /// Once the version is known: what waits for it goes as it is, or waits for a key.
    mutating func resolveSealed() throws(PSRPError) {
        guard poolChannel.hasSealed || pipelines.contains(where: \.channel.hasSealed) else { return }
        if sendsPlainSecureStrings {
            try unsealAll(nil)
        } else {
            try askForSessionKey()
        }
    }

    /// Starts the exchange where a secure string came that cannot be read without it (server/key-request).
    mutating func noticeSecureStrings(in value: PSValue) throws(PSRPError) {
        guard !sendsPlainSecureStrings, cryptography != nil, value.containsSecureString else { return }
        try askForSessionKey()
    }

    /// Starts the exchange, once a session; it starts by itself when a secure string needs it.
    /// - Throws: `.sessionKey`
    package mutating func askForSessionKey() throws(PSRPError) {
        guard case .none = sessionKey else { return }
        guard let cryptography else { throw Self.noCryptography }
        let pair = try sessionKeyWork { () throws in try cryptography.makeKeyPair() }
        sessionKey = .asked(pair)
        var text: [UInt8] = []
        Base64.encode(pair.publicKey.publicKeyBlob, into: &text)
        let value = PSValue.properties([("PublicKey", .string(String(decoding: text, as: UTF8.self)))])
        poolChannel.add(OutgoingMessage(.publicKey, value))
    }

    mutating func takeSessionKey(_ value: PSValue) throws(PSRPError) {
        guard case .asked(let pair) = sessionKey, let cryptography else {
            throw PSRPError(.sessionKey, "The far side sent a session key that was not asked for.")
        }
        let text = try value.requiredString("EncryptedSessionKey").text
        guard let blob = Base64.decode(Array(text.utf8)[...]) else {
            throw PSRPError(.sessionKey, "The far side's session key is not base64.")
        }
        let ciphertext = try SessionKeyBlob.ciphertext(of: blob)
        let key = try sessionKeyWork { () throws in try pair.open(ciphertext) }
        guard key.count == 32 else { throw PSRPError(.sessionKey, "The far side's session key is not 32 bytes long.") }
        let cipher = SessionCipher(cryptography: cryptography, key: key)
        sessionKey = .ready(cipher)
        try unsealAll(cipher)
    }

    private var sendsPlainSecureStrings: Bool {
        guard let protocolVersion else { return false }
        return protocolVersion >= SessionCapability.plainSecureStrings
    }

    private mutating func unsealAll(_ cipher: SessionCipher?) throws(PSRPError) {
        try poolChannel.unseal(cipher)
        for index in pipelines.indices { try pipelines[index].channel.unseal(cipher) }
    }

    private static let noCryptography = PSRPError(
        .sessionKey,
        "A secure string needs a session key at this protocol version, and none can be made here."
    )
}
