import CCrypto

/// RFC 4648 base64 with padding; nil where the text is none.
func decodeBase64(_ text: String) -> [UInt8]? {
    let bytes = Array(text.utf8)
    var decoded = [UInt8](repeating: 0, count: bytes.count / 4 * 3 + 3)
    let count = EVP_DecodeBlock(&decoded, bytes, CInt(bytes.count))
    let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard count >= padding, padding <= 2, !bytes.isEmpty else { return nil }
    return Array(decoded[..<(Int(count) - padding)])
}

func encodeBase64(_ bytes: [UInt8]) -> String {
    var encoded = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let count = EVP_EncodeBlock(&encoded, bytes, CInt(bytes.count))
    return String(decoding: encoded[..<Int(count)], as: UTF8.self)
}
