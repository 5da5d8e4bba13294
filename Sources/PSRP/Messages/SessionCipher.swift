import CLIXML

/// A session key, and what it is good for: encrypting and decrypting the secure strings of a value.
struct SessionCipher: Sendable {
    let cryptography: any SessionKeyCryptography
    /// 32 bytes, for AES-256.
    let key: [UInt8]

    func encrypt(_ value: PSValue) throws(PSRPError) -> PSValue {
        try value.replacingSecureStrings { (bytes) throws(PSRPError) in
            try sessionKeyWork { () throws in try cryptography.encrypt(bytes, sessionKey: key) }
        }
    }

    func decrypt(_ value: PSValue) throws(PSRPError) -> PSValue {
        try value.replacingSecureStrings { (bytes) throws(PSRPError) in try decrypt(bytes) }
    }

    func decrypt(_ bytes: [UInt8]) throws(PSRPError) -> [UInt8] {
        try sessionKeyWork { () throws in try cryptography.decrypt(bytes, sessionKey: key) }
    }
}

/// Runs a piece of an implementation of `SessionKeyCryptography`, whose errors become `.sessionKey`.
func sessionKeyWork<Result>(_ work: () throws -> Result) throws(PSRPError) -> Result {
    do {
        return try work()
    } catch {
        throw PSRPError(.sessionKey, "The session key for secure strings failed: \(error)")
    }
}
