extension SSHSettings {
    /// The type of a public key that PubkeyAcceptedAlgorithms leaves out; nil where it may be offered.
    /// - Parameter base64: the key's wire form.
    func excludedType(ofKey base64: String) -> String? {
        guard let accepted = publicKeyAlgorithms?.split(separator: ",").map(String.init),
            let blob = decodeBase64(base64)
        else { return nil }
        var rest = blob[...]
        guard let name = takeString(&rest) else { return nil }
        let type = String(decoding: name, as: UTF8.self)
        // An RSA key signs by any of them (RFC 8332).
        let isRSA = type.hasPrefix("ssh-rsa")
        let suffix = type.dropFirst(isRSA ? "ssh-rsa".count : 0)
        let names = isRSA ? ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"].map { $0 + suffix } : [type]
        return names.contains(where: accepted.contains) ? nil : type
    }
}
