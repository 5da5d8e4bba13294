extension Content {
    /// The string, each `_xHHHH_` undone: one UTF-16 unit, hexadecimal and x of either case (oracle/clixml-decode).
    var string: PSString {
        guard mayHoldEscapes else { return PSString(String(decoding: bytes, as: UTF8.self)) }
        var text = TextBuffer()
        var run = bytes.startIndex
        var position = run
        while let underscore = bytes[position...].place(of: UInt8(ascii: "_")) {
            position = underscore
            if let unit = escape(at: position) {
                text.append(bytes[run..<position])
                text.append(unit: unit)
                position += 7
                run = position
            } else {
                position += 1
            }
        }
        text.append(bytes[run...])
        return text.string
    }

    /// The unit of the whole escape that begins here; nil where none does.
    private func escape(at start: Int) -> UInt16? {
        guard start + 7 <= bytes.endIndex, bytes[start + 1] | 0x20 == UInt8(ascii: "x"),
            bytes[start + 6] == UInt8(ascii: "_")
        else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[start + 2..<start + 6] {
            guard let digit = byte.hexadecimalDigit else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}

extension UInt8 {
    /// The number for which this ASCII letter stands in hexadecimal.
    var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
