package import CLIXML

/// Names a pipeline: the PSGuid of its elements and the PID of its messages.
package typealias PipelineID = PSGuid

/// A record stream of a pipeline, other than its output and its errors.
package enum RecordStream: Sendable, Hashable {
    case debug, verbose, warning, progress, information
}

/// What happened in a client's session.
package enum ClientEvent: Sendable, Hashable {
    /// Lines that came before the first element and are no PSRP: a welcome text. Reported, then left alone.
    case noise(String)
    /// APPLICATION_PRIVATE_DATA: the far side's PSVersionTable among it.
    case privateData(PSValue)
    /// The pool is open; the protocol version that both sides speak.
    case opened(PSVersionNumber)
    case output(PipelineID, PSValue)
    case error(PipelineID, ErrorRecord)
    case record(PipelineID, RecordStream, PSValue)
    case hostCall(HostCall)
    /// A pipeline ended; an error where it failed or was stopped.
    case ended(PipelineID, PipelineState, ErrorRecord?)
    /// The answer to `askAvailability`: PowerShell itself lives.
    case availability
    /// A user event, or a message that has no meaning here: for the recording.
    case other(MessageType, PSValue)
    /// The pool closed in order, after `close`.
    case closed
}

/// What a client tells of itself when it opens a session.
package struct ClientConfiguration: Sendable {
    package var host: HostDescription
    /// The newest version to announce: 2.4, with the fall-back that the server's answer asks for.
    package var protocolVersion: PSVersionNumber
    package var limits: SessionLimits

    package init(
        host: HostDescription = HostDescription(),
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4),
        limits: SessionLimits = SessionLimits()
    ) {
        self.host = host
        self.protocolVersion = protocolVersion
        self.limits = limits
    }
}

/// Bounds on what a session takes from its far side.
package struct SessionLimits: Sendable {
    /// Bytes of one message, all fragments together.
    package var messageBytes = 64 << 20
    /// Messages that are begun and not whole.
    package var openMessages = 64
    /// Bytes before the first element that are no PSRP.
    package var noiseBytes = 64 << 10
    package var clixml = CLIXMLLimits.standard

    package init() {}
}

/// Where identifiers come from: passed in, so that a session can be played again byte for byte.
package protocol IdentifierSource: Sendable {
    mutating func nextIdentifier() -> PSGuid
}

/// RSA and AES for protocol 2.3 and older (psrp-brief, Session key): passed in, so that this module needs no library.
package protocol SessionKeyCryptography: Sendable {
    /// A new key pair's public key, in CryptoAPI's PUBLICKEYBLOB form, and a token that stands for the private one.
    func makeKeyPair() throws -> (publicKeyBlob: [UInt8], privateKey: any Sendable)
    /// Opens the SIMPLEBLOB that a server answers with: a 32-byte AES key.
    func openSessionKey(blob: [UInt8], privateKey: any Sendable) throws -> [UInt8]
    /// Seals a session key for a client's PUBLICKEYBLOB (a server's part).
    func sealSessionKey(_ key: [UInt8], publicKeyBlob: [UInt8]) throws -> [UInt8]
    /// AES-256-CBC, zero IV, PKCS7.
    func encrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8]
    func decrypt(_ bytes: [UInt8], sessionKey: [UInt8]) throws -> [UInt8]
    func randomBytes(_ count: Int) throws -> [UInt8]
}
