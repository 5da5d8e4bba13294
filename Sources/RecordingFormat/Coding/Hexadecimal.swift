/// Bytes as lower-case hexadecimal digits.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    for byte in bytes {
        digits.append(hexadecimalDigit(byte >> 4))
        digits.append(hexadecimalDigit(byte & 0xF))
    }
    return String(decoding: digits, as: UTF8.self)
}

/// The lower-case digit of a value below 16.
func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x57 + value
}

/// The value of a hexadecimal digit of either case, or nil.
package func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
}

/// Whether a text is a SHA-256 in lower-case hexadecimal, the only form in which any file of the format has one.
package func isHash(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

/// SHA-256 of some bytes (32 of them). Passed in, since nothing here does cryptography.
package typealias HashFunction = @Sendable ([UInt8]) -> [UInt8]
