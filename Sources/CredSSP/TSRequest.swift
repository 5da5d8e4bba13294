/// What both sides of CredSSP say to each other within TLS (MS-CSSP, 2.2.1).
package struct TSRequest: Sendable, Hashable {
    /// A Kerberos ticket with the groups of a user in it has up to 64 kB.
    package static let mostBytes = 256 << 10
    /// What this side speaks.
    package static let newest: UInt8 = 6

    package var version: UInt32 = UInt32(newest)
    /// A token of SPNEGO, Kerberos or NTLM.
    package var negoToken: [UInt8]?
    package var authInfo: [UInt8]?
    package var pubKeyAuth: [UInt8]?
    /// An NTSTATUS.
    package var errorCode: UInt32?
    package var clientNonce: [UInt8]?

    package init(
        negoToken: [UInt8]? = nil,
        authInfo: [UInt8]? = nil,
        pubKeyAuth: [UInt8]? = nil,
        clientNonce: [UInt8]? = nil
    ) {
        self.negoToken = negoToken
        self.authInfo = authInfo
        self.pubKeyAuth = pubKeyAuth
        self.clientNonce = clientNonce
    }

    // MARK: A client's

    /// As a client writes it: without an error code, in version 6.
    package func encoded() -> [UInt8] {
        let parts: [(UInt8, [UInt8]?)] = [(2, authInfo), (3, pubKeyAuth), (5, clientNonce)]
        let token = negoToken.map { DERWriter.size(of: DERWriter.size(of: $0.count)) }
        var length = 5
        if let token { length += DERWriter.size(of: DERWriter.size(of: DERWriter.size(of: token))) }
        for (_, part) in parts {
            if let part { length += DERWriter.size(of: DERWriter.size(of: part.count)) }
        }
        var writer = DERWriter(capacity: DERWriter.size(of: length))
        writer.begin(DERWriter.sequence, length)
        writer.appendSmall(0, Self.newest)
        if let negoToken, let token {
            writer.begin(DERWriter.context(1), DERWriter.size(of: DERWriter.size(of: token)))
            writer.begin(DERWriter.sequence, DERWriter.size(of: token))
            writer.begin(DERWriter.sequence, token)
            writer.appendOctets(0, negoToken)
        }
        for (number, part) in parts {
            if let part { writer.appendOctets(number, part) }
        }
        return writer.bytes
    }

    // MARK: A server's

    /// - Throws: CredSSPFailure, malformed: it is too long, not DER, its parts are out of order, or something stands behind
    ///   it.
    package init(decoding bytes: [UInt8]) throws(CredSSPFailure) {
        guard bytes.count <= Self.mostBytes else {
            throw .malformed("it has more than \(Self.mostBytes >> 10) KiB")
        }
        var parts = DERReader(try DERReader.only(DERWriter.sequence, in: bytes[...]))
        version = try DERReader.integer(in: try parts.next(DERWriter.context(0)))
        var last: UInt8 = 0
        while !parts.isAtEnd {
            let (tag, content) = try parts.next()
            guard tag & 0xE0 == 0xA0, tag & 0x1F > last else { throw .malformed("its parts are out of order") }
            last = tag & 0x1F
            switch last {
            case 1: negoToken = try Self.token(in: content)
            case 2: authInfo = Array(try DERReader.only(DERWriter.octets, in: content))
            case 3: pubKeyAuth = Array(try DERReader.only(DERWriter.octets, in: content))
            case 4: errorCode = try DERReader.integer(in: content)
            case 5: clientNonce = Array(try DERReader.only(DERWriter.octets, in: content))
            // What a version to come adds.
            default: guard version > Self.newest else { throw .malformed("it has a part \(last)") }
            }
        }
    }

    private static func token(in bytes: ArraySlice<UInt8>) throws(CredSSPFailure) -> [UInt8] {
        let tokens = try DERReader.only(DERWriter.sequence, in: bytes)
        let token = try DERReader.only(DERWriter.sequence, in: tokens)
        return Array(try DERReader.only(DERWriter.octets, in: try DERReader.only(DERWriter.context(0), in: token)))
    }
}
