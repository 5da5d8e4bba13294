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
        let count = (bytes.count + 2) / 3 * 4
        // Pieces of this size need no memory of their own.
        let piece = 768
        output.reserveCapacity(output.count + count)
        bytes.withUnsafeBufferPointer { bytes in
            alphabet.withUnsafeBufferPointer { alphabet in
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: piece / 3 * 4) { letters in
                    var start = 0
                    while start < bytes.count {
                        let end = min(start + piece, bytes.count)
                        let written = encode(
                            UnsafeBufferPointer(rebasing: bytes[start..<end]),
                            by: alphabet,
                            into: letters
                        )
                        output.append(contentsOf: UnsafeBufferPointer(rebasing: letters[..<written]))
                        start = end
                    }
                }
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
        while position + 3 <= bytes.count {
            let group = Int(bytes[position]) << 16 | Int(bytes[position + 1]) << 8 | Int(bytes[position + 2])
            output[count] = alphabet[group >> 18]
            output[count + 1] = alphabet[group >> 12 & 63]
            output[count + 2] = alphabet[group >> 6 & 63]
            output[count + 3] = alphabet[group & 63]
            count += 4
            position += 3
        }
        guard position < bytes.count else { return count }
        let hasTwo = bytes.count - position == 2
        let group = Int(bytes[position]) << 16 | (hasTwo ? Int(bytes[position + 1]) << 8 : 0)
        output[count] = alphabet[group >> 18]
        output[count + 1] = alphabet[group >> 12 & 63]
        output[count + 2] = hasTwo ? alphabet[group >> 6 & 63] : padding
        output[count + 3] = padding
        return count + 4
    }

    /// - Returns: nil for anything that is not whole, padded base64; a blank is not a letter.
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
        while index + 4 <= end {
            let (first, second) = (values[Int(digits[index])], values[Int(digits[index + 1])])
            let (third, fourth) = (values[Int(digits[index + 2])], values[Int(digits[index + 3])])
            // A digit has six bits, and what is none has all eight.
            guard first | second | third | fourth < 64 else { return (count, false) }
            output[count] = first << 2 | second >> 4
            output[count + 1] = second << 4 | third >> 2
            output[count + 2] = third << 6 | fourth
            count += 3
            index += 4
        }
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
    package static func decodeSpaced(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        // Most have none, which another look at each letter would have to find out.
        decode(text) ?? decode(text.filter { !$0.isXMLSpace }[...])
    }
}
