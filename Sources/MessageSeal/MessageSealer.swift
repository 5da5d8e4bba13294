/// What seals and opens the messages of one connection: a security context of GSSAPI, or CredSSP's TLS.
///
/// Messages are numbered on both sides: each is sealed, and opened, once and in its order.
package protocol MessageSealer {
    /// Seals a message, in as many pieces as it takes.
    /// - Throws: why it cannot.
    mutating func seal(_ plain: [UInt8]) throws -> [SealedPiece]

    /// Opens one piece.
    /// - Parameters:
    ///   - header: what stands before the data, as its length says; nil where the peer gave it no length.
    /// - Returns: the plain bytes, without padding.
    /// - Throws: why it cannot: it was altered, or is not the next one.
    mutating func open(header: [UInt8]?, data: [UInt8]) throws -> [UInt8]

    /// How many bytes the sealed piece takes that begins with these, its header included.
    /// - Parameter plainLength: how many the peer says it is without its seal.
    /// - Returns: nil where a piece does not tell its own length.
    func length(ofPieceAt bytes: ArraySlice<UInt8>, plainLength: Int) -> Int?
}

extension MessageSealer {
    package func length(ofPieceAt bytes: ArraySlice<UInt8>, plainLength: Int) -> Int? { nil }
}

/// A sealed piece of a message.
package struct SealedPiece: Sendable, Hashable {
    /// The token's part that stands before the data: what makes it out depends on the mechanism.
    package var header: [UInt8]
    package var data: [UInt8]
    /// How many bytes it was before, with what the mechanism padded it by.
    package var plainLength: Int

    package init(header: [UInt8], data: [UInt8], plainLength: Int) {
        self.header = header
        self.data = data
        self.plainLength = plainLength
    }
}

/// What seals a message, as its content type has it (MS-WSMV, 2.2.9.1).
package enum SealProtocol: String, Sendable, Hashable, CaseIterable {
    /// Of `Authorization: Negotiate`, whichever mechanism was agreed on.
    case spnego = "application/HTTP-SPNEGO-session-encrypted"
    /// Of `Authorization: Kerberos`.
    case kerberos = "application/HTTP-Kerberos-session-encrypted"
    case credSSP = "application/HTTP-CredSSP-session-encrypted"
}
