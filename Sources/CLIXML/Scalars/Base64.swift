/// Base64 (RFC 4648, section 4), padded, as byte arrays, the framing's `Data` elements and keys carry it.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let invalid: UInt8 = 0xFF

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func encode(_ bytes: [UInt8], into output: inout [UInt8]) {
        output += [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { output, count in
            bytes.withUnsafeBufferPointer { bytes in
                alphabet.withUnsafeBufferPointer { count = encode(bytes, by: $0, into: output) }
            }
        }
    }

    /// - Returns: how many letters came of the bytes.
    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>,
        by alphabet: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        var count = 0
        var position = 0
        while position < bytes.count {
            let present = min(bytes.count - position, 3)
            var group = 0
            for index in 0..<3 { group = group << 8 | (index < present ? Int(bytes[position + index]) : 0) }
            output[count] = alphabet[group >> 18]
            output[count + 1] = alphabet[group >> 12 & 63]
            output[count + 2] = present > 1 ? alphabet[group >> 6 & 63] : padding
            output[count + 3] = present > 2 ? alphabet[group & 63] : padding
            count += 4
            position += 3
        }
        return count
    }

    /// - Returns: nil for anything that is not whole, padded base64; a blank is no letter.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padded = text.suffix(2).reversed().prefix { $0 == padding }.count
        var isValid = true
        let output = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { output, count in
            text.dropLast(padded).withUnsafeBufferPointer { digits in
                values.withUnsafeBufferPointer { values in
                    (count, isValid) = decode(digits, by: values, into: output)
                }
            }
        }
        return isValid ? output : nil
    }

    /// - Returns: how many bytes came of the digits, and whether all were such.
    private static func decode(
        _ digits: UnsafeBufferPointer<UInt8>,
        by values: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) -> (count: Int, isValid: Bool) {
        var count = 0
        var group = 0
        var bits = 0
        var index = 0
        let end = digits.count
        while index < end {
            let value = values[Int(digits[index])]
            guard value != invalid else { return (count, false) }
            index += 1
            group = group << 6 | Int(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            output[count] = UInt8(truncatingIfNeeded: group >> bits)
            count += 1
            group &= 1 << bits - 1
        }
        return (count, true)
    }

    /// Decodes the text of an XML element, in which blanks between the letters count for nothing.
    static func decodeSpaced(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        decode(text.contains(where: \.isXMLSpace) ? text.filter { !$0.isXMLSpace }[...] : text)
    }
}
