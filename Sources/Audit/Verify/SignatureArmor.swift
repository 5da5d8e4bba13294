/// The text around an SSHSIG (PROTOCOL.sshsig of OpenSSH, "Armored SSH signature"), as ssh-keygen writes it: base64 in
/// lines of 70 characters. Its reader passes over blanks and over what follows; here a signature has one form.
enum SignatureArmor {
    private static let begin = "-----BEGIN SSH SIGNATURE-----"
    private static let end = "-----END SSH SIGNATURE-----"
    private static let lineLength = 70

    /// Whether these bytes are such a text and nothing else.
    static func isCanonical(_ bytes: [UInt8]) -> Bool {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard
            lines.count >= 4, lines.popLast()?.isEmpty == true,
            lines.popLast()?.elementsEqual(end.utf8) == true, lines.removeFirst().elementsEqual(begin.utf8),
            let last = lines.last, (1...lineLength).contains(last.count),
            lines.dropLast().allSatisfy({ $0.count == lineLength })
        else { return false }
        let text = lines.joined()
        let padding = last.reversed().prefix { $0 == 0x3D }.count
        let digits = text.dropLast(padding).map(sextet)
        guard padding <= 2, text.count % 4 == 0, let final = digits.last, digits.allSatisfy({ $0 != nil }) else {
            return false
        }
        // What the padding leaves over of the last digit has no meaning: it is zero.
        return (final ?? 0) & [0, 0b11, 0b1111][padding] == 0
    }

    private static func sextet(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x41...0x5A: digit - 0x41
        case 0x61...0x7A: digit - 0x61 + 26
        case 0x30...0x39: digit - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
