import Files

/// The public key that goes with an identity file, told without the private one.
enum PublicHalf {
    /// Its base64: of the file beside it, of the file itself where that is a public key, or of what a private key in OpenSSH's
    /// form says in clear; nil where none tells. Blocks.
    @Sendable static func text(of identityFile: String) -> String? {
        for path in ["\(identityFile).pub", identityFile] {
            guard let text = try? FileContents.text(path, limit: 1 << 20) else { continue }
            let fields = text.split(maxSplits: 2, whereSeparator: \.isWhitespace)
            if fields.count >= 2, decodeBase64(String(fields[1])) != nil { return String(fields[1]) }
            if let key = inPrivateKey(text) { return key }
        }
        return nil
    }

    /// Behind the magic stand cipher, key derivation, its options and the number of keys (PROTOCOL.key).
    private static func inPrivateKey(_ text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN OPENSSH PRIVATE KEY-----" else { return nil }
        let body = lines.dropFirst().prefix { !$0.hasPrefix("-----") }.joined()
        let magic = Array("openssh-key-v1\0".utf8)
        guard let bytes = decodeBase64(body), bytes.starts(with: magic) else { return nil }
        var rest = bytes.dropFirst(magic.count)
        for _ in 0..<3 { guard takeString(&rest) != nil else { return nil } }
        rest = rest.dropFirst(4)
        return takeString(&rest).map { encodeBase64(Array($0)) }
    }
}
