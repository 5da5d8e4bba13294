/// Text being put together: UTF-8 in which a surrogate may stand alone (as its three bytes would be), never in a pair.
struct TextBuffer {
    private(set) var bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8> = []) {
        self.bytes = Array(bytes)
    }

    mutating func append(byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(_ plain: ArraySlice<UInt8>) {
        bytes.append(contentsOf: plain)
    }

    /// Appends text of the document, its line ends made line feeds (XML 1.0, 2.11).
    mutating func append(lines: ArraySlice<UInt8>) {
        var previous: UInt8 = 0
        for byte in lines {
            if byte == 0x0D {
                bytes.append(0x0A)
            } else if byte != 0x0A || previous != 0x0D {
                bytes.append(byte)
            }
            previous = byte
        }
    }

    /// Appends one UTF-16 unit, joined to the unit before it where the two are a surrogate pair.
    mutating func append(unit: UInt16) {
        let count = bytes.count
        if unit & 0xFC00 == 0xDC00, count >= 3, bytes[count - 3] == 0xED, bytes[count - 2] & 0xF0 == 0xA0 {
            let high = UInt32(bytes[count - 2] & 0x0F) << 6 | UInt32(bytes[count - 1] & 0x3F)
            bytes.removeLast(3)
            append(scalar: 0x10000 + (high << 10 | UInt32(unit & 0x3FF)))
        } else {
            append(scalar: UInt32(unit))
        }
    }

    mutating func append(codePoint: UInt32) {
        if codePoint <= 0xFFFF { append(unit: UInt16(codePoint)) } else { append(scalar: codePoint) }
    }

    private mutating func append(scalar: UInt32) {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(scalar >> shift & 0x3F) }
        switch scalar {
        case ..<0x80: bytes.append(UInt8(scalar))
        case ..<0x800: bytes += [0xC0 | UInt8(scalar >> 6), continuation(0)]
        case ..<0x10000: bytes += [0xE0 | UInt8(scalar >> 12), continuation(6), continuation(0)]
        default: bytes += [0xF0 | UInt8(scalar >> 18), continuation(12), continuation(6), continuation(0)]
        }
    }

    var string: PSString {
        if let text = String(validating: bytes, as: UTF8.self) { PSString(text) } else { PSString(units: units) }
    }

    private var units: [UInt16] {
        var units: [UInt16] = []
        var rest = bytes[...]
        while let surrogate = rest.indices.first(where: { rest.isSurrogate(at: $0) }) {
            units.append(contentsOf: String(decoding: rest[..<surrogate], as: UTF8.self).utf16)
            units.append(0xD000 | UInt16(rest[surrogate + 1] & 0x3F) << 6 | UInt16(rest[surrogate + 2] & 0x3F))
            rest = rest[(surrogate + 3)...]
        }
        units.append(contentsOf: String(decoding: rest, as: UTF8.self).utf16)
        return units
    }
}

extension ArraySlice<UInt8> {
    /// Whether the three bytes here stand for a surrogate.
    fileprivate func isSurrogate(at index: Int) -> Bool {
        self[index] == 0xED && index + 2 < endIndex && self[index + 1] >= 0xA0
    }
}
