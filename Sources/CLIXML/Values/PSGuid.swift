/// A GUID, its sixteen bytes in the order in which they are written (RFC 9562), first group first.
package struct PSGuid: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The GUID of sixteen zero bytes, which names the runspace pool on the wire.
    package static let zero = PSGuid(high: 0, low: 0)
}

extension PSGuid {
    /// Reads the "D" form, hexadecimal of either case: `8-4-4-4-12` digits; nil for anything else.
    package init?(_ text: some StringProtocol) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        var position = 0
        for unit in text.utf8 {
            defer { position += 1 }
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard unit == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Self.hexadecimal(unit), digits < 32 else { return nil }
            if digits < 16 { high = high << 4 | digit } else { low = low << 4 | digit }
            digits += 1
        }
        guard digits == 32, position == 36 else { return nil }
        self.init(high: high, low: low)
    }

    /// Sixteen bytes in .NET's mixed-endian order (MS-PSRP 2.2.1): the first three groups little-endian.
    package init(mixedEndian bytes: ArraySlice<UInt8>) {
        precondition(bytes.count >= 16, "a GUID has sixteen bytes")
        func group(_ positions: some Sequence<Int>) -> UInt64 {
            positions.reduce(0) { $0 << 8 | UInt64(bytes[bytes.startIndex + $1]) }
        }
        let first = group((0..<4).reversed()) << 32
        self.init(
            high: first | group((4..<6).reversed()) << 16 | group((6..<8).reversed()),
            low: group(8..<16)
        )
    }

    /// The sixteen bytes in .NET's mixed-endian order.
    package var mixedEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for shift in [32, 40, 48, 56, 16, 24, 0, 8] { bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift))) }
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> UInt64(shift)))
        }
        return bytes
    }

    private static func hexadecimal(_ unit: UInt8) -> UInt64? {
        switch unit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(unit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(unit - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(unit - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension PSGuid: CustomStringConvertible {
    /// The "D" form, lower case, as out-of-process framing writes it.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (half, word) in [high, low].enumerated() {
            for nibble in 0..<16 {
                let position = half * 16 + nibble
                if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
                text.append(digits[Int(word >> UInt64(60 - nibble * 4) & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
