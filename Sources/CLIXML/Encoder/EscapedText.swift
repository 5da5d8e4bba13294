extension [UInt8] {
    /// Appends a string as PowerShell's serializer writes it (oracle/clixml-strings): `_xHHHH_` for each UTF-16 unit
    /// that is a control (C0, DEL, C1) or half of a surrogate pair, for `_` before x or X, and, beyond PowerShell,
    /// which refuses them, for U+FFFE and U+FFFF; XML's own references for the rest.
    mutating func append(escaped string: PSString, isAttribute: Bool) {
        guard string.isWellFormed else {
            let units = string.units
            for (index, unit) in units.enumerated() {
                append(unit: unit, before: index + 1 < units.count ? units[index + 1] : nil, isAttribute)
            }
            return
        }
        let utf8 = string.text.utf8
        if utf8.withContiguousStorageIfAvailable({ append(escaped: $0, isAttribute) }) == nil {
            Array(utf8).withUnsafeBufferPointer { append(escaped: $0, isAttribute) }
        }
    }

    /// Whole runs that need nothing are taken over as they are.
    private mutating func append(escaped utf8: UnsafeBufferPointer<UInt8>, _ isAttribute: Bool) {
        var run = 0
        var position = 0
        func following(_ distance: Int) -> UInt8 {
            position + distance < utf8.count ? utf8[position + distance] : 0
        }
        while position < utf8.count {
            let byte = utf8[position]
            let length: Int
            switch byte {
            case ..<0x20, 0x7F, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"): length = 1
            case UInt8(ascii: "\""): length = isAttribute ? 1 : 0
            case UInt8(ascii: "_"): length = following(1) | 0x20 == UInt8(ascii: "x") ? 1 : 0
            case 0xC2: length = following(1) < 0xA0 ? 2 : 0
            case 0xEF: length = following(1) == 0xBF && following(2) >= 0xBE ? 3 : 0
            case 0xF0...: length = 4
            default: length = 0
            }
            if length == 0 {
                position += 1
                continue
            }
            append(contentsOf: utf8[run..<position])
            for unit in String(decoding: utf8[position..<position + length], as: UTF8.self).utf16 {
                // Only an underscore that needs its escape comes here, so what follows it is as good as an x.
                append(unit: unit, before: UInt16(UInt8(ascii: "x")), isAttribute)
            }
            position += length
            run = position
        }
        append(contentsOf: utf8[run...])
    }

    private mutating func append(unit: UInt16, before next: UInt16?, _ isAttribute: Bool) {
        switch unit {
        case ..<0x20, 0x7F...0x9F, 0xD800...0xDFFF, 0xFFFE...: append(escape: unit)
        case 0x5F where next.map { $0 | 0x20 == 0x78 } ?? false: append(escape: unit)
        case 0x26: append(contentsOf: "&amp;".utf8)
        case 0x3C: append(contentsOf: "&lt;".utf8)
        case 0x3E: append(contentsOf: "&gt;".utf8)
        case 0x22 where isAttribute: append(contentsOf: "&quot;".utf8)
        default: append(contentsOf: String(decoding: CollectionOfOne(unit), as: UTF16.self).utf8)
        }
    }

    private mutating func append(escape unit: UInt16) {
        append(contentsOf: "_x".utf8)
        for shift in [12, 8, 4, 0] as [UInt16] {
            let digit = UInt8(unit >> shift & 15)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
        }
        append(UInt8(ascii: "_"))
    }
}
