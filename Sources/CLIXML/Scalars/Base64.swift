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
        output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4)
        let whole = bytes.count / 3 * 3
        var position = 0
        while position < whole {
            let group = Int(bytes[position]) << 16 | Int(bytes[position + 1]) << 8 | Int(bytes[position + 2])
            output.append(alphabet[group >> 18])
            output.append(alphabet[group >> 12 & 63])
            output.append(alphabet[group >> 6 & 63])
            output.append(alphabet[group & 63])
            position += 3
        }
        switch bytes.count - whole {
        case 1:
            let group = Int(bytes[whole]) << 16
            output += [alphabet[group >> 18], alphabet[group >> 12 & 63], padding, padding]
        case 2:
            let group = Int(bytes[whole]) << 16 | Int(bytes[whole + 1]) << 8
            output += [alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63], padding]
        default: break
        }
    }

    /// - Returns: nil for anything that is not whole, padded base64; a blank is no letter.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padded = text.suffix(2).reversed().prefix { $0 == padding }.count
        let digits = text.dropLast(padded)
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var group = 0
        var bits = 0
        for character in digits {
            let value = values[Int(character)]
            guard value != invalid else { return nil }
            group = group << 6 | Int(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: group >> bits))
                group &= 1 << bits - 1
            }
        }
        return output
    }

    /// Decodes the text of an XML element, in which blanks between the letters count for nothing.
    static func decodeSpaced(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        decode(text.contains(where: \.isXMLSpace) ? text.filter { !$0.isXMLSpace }[...] : text)
    }
}
