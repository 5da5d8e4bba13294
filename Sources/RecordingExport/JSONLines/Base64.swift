/// Base64 with its padding (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            let bits = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (16 - 8 * UInt32($1.offset)) }
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[Int(bits >> (18 - 6 * UInt32(place)) & 63)] : 0x3D)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// nil where the text is none.
    static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 4) {
            let group = digits[start..<start + 4]
            let padding = group.reversed().prefix { $0 == 0x3D }.count
            guard padding <= 2, padding == 0 || start + 4 == digits.count else { return nil }
            let values = group.dropLast(padding).compactMap { alphabet.firstIndex(of: $0) }
            guard values.count == 4 - padding else { return nil }
            let bits = values.enumerated().reduce(0) { $0 | $1.element << (18 - 6 * $1.offset) }
            for place in 0..<(3 - padding) { bytes.append(UInt8(bits >> (16 - 8 * place) & 0xFF)) }
        }
        return bytes
    }
}
