package import Files

/// Whose credentials are handed to the host: it gets the password in full.
package struct CredSSPIdentity: Sendable {
    /// Empty where the user's name says it all.
    package let domain: String
    package let user: String
    let password: Secret

    /// - Parameter password: in UTF-8.
    package init(domain: String, user: String, password: Secret) {
        self.domain = domain
        self.user = user
        self.password = password
    }

    /// TSCredentials with TSPasswordCreds (MS-CSSP, 2.2.1.2), in UTF-16LE. Whoever takes them wipes them.
    func credentials() -> [UInt8] {
        var password = password.withBytes { Self.utf16($0) }
        defer { FileContents.wipe(&password) }
        let texts = [Self.utf16(domain.utf8), Self.utf16(user.utf8)]
        let inner = (texts.map(\.count) + [password.count]).map { DERWriter.size(of: DERWriter.size(of: $0)) }
            .reduce(0, +)
        let sealed = DERWriter.size(of: inner)
        let length = 5 + DERWriter.size(of: DERWriter.size(of: sealed))
        var writer = DERWriter(capacity: DERWriter.size(of: length))
        writer.begin(DERWriter.sequence, length)
        writer.appendSmall(0, 1)
        writer.begin(DERWriter.context(1), DERWriter.size(of: sealed))
        writer.begin(DERWriter.octets, sealed)
        writer.begin(DERWriter.sequence, inner)
        writer.appendOctets(0, texts[0])
        writer.appendOctets(1, texts[1])
        writer.appendOctets(2, password)
        return writer.bytes
    }

    /// Without a String in between, of which a copy would stay behind. What is not UTF-8 becomes U+FFFD.
    private static func utf16(_ text: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * text.count)
        _ = transcode(text.makeIterator(), from: UTF8.self, to: UTF16.self, stoppingOnError: false) { unit in
            bytes.append(UInt8(truncatingIfNeeded: unit))
            bytes.append(UInt8(truncatingIfNeeded: unit >> 8))
        }
        return bytes
    }
}
