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
    package init?(_ text: ArraySlice<UInt8>) {
        guard text.count == 36 else { return nil }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for position in 0..<36 {
            let unit = text[text.startIndex + position]
            if Self.dashes >> position & 1 == 1 {
                guard unit == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = unit.hexadecimalDigit else { return nil }
            if position < 18 {
                halves.high = halves.high << 4 | UInt64(digit)
            } else {
                halves.low = halves.low << 4 | UInt64(digit)
            }
        }
        self.init(high: halves.high, low: halves.low)
    }

    /// Where the dashes stand.
    private static var dashes: UInt64 { 1 << 8 | 1 << 13 | 1 << 18 | 1 << 23 }

    package init?(_ text: some StringProtocol) {
        self.init(Array(text.utf8)[...])
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
}

extension [UInt8] {
    /// Appends a GUID's "D" form, lower case, as out-of-process framing writes it.
    package mutating func append(_ guid: PSGuid) {
        for position in 0..<32 {
            if position == 8 || position == 12 || position == 16 || position == 20 { append(UInt8(ascii: "-")) }
            let half = position < 16 ? guid.high : guid.low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - position % 16 * 4) & 15)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
        }
    }
}

extension PSGuid: CustomStringConvertible {
    /// The "D" form, lower case.
    package var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        text.append(self)
        return String(decoding: text, as: UTF8.self)
    }
}
