/// Base64 with its padding (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: self.bytes(Array(bytes)), as: UTF8.self)
    }

    /// The same as ASCII: a page has megabytes of it.
    static func bytes(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var bits: UInt32 = 0
            for place in 0..<count { bits |= UInt32(bytes[start + place]) << (16 - 8 * UInt32(place)) }
            for place in 0..<4 {
                text.append(place <= count ? alphabet[Int(bits >> (18 - 6 * UInt32(place)) & 63)] : 0x3D)
            }
        }
        return text
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
