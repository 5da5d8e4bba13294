extension JSONValue {
    /// The value on one line, without blanks: the same bytes for the same value, always.
    package var compact: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: nil)
        return bytes
    }

    /// The value over several lines, two blanks a level, with a line end at its end.
    package var indented: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: 0)
        bytes.append(0x0A)
        return bytes
    }

    private func write(to bytes: inout [UInt8], indent: Int?) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        // JSON has no word for what is not finite.
        case .double(let value): bytes += (value.isFinite ? value.description : "null").utf8
        case .string(let value): appendJSONString(value.utf8, to: &bytes)
        case .array(let values):
            write(values, between: (0x5B, 0x5D), to: &bytes, indent: indent) { value, bytes, indent in
                value.write(to: &bytes, indent: indent)
            }
        case .object(let members):
            write(members, between: (0x7B, 0x7D), to: &bytes, indent: indent) { member, bytes, indent in
                appendJSONString(member.key.utf8, to: &bytes)
                bytes += (indent == nil ? ":" : ": ").utf8
                member.value.write(to: &bytes, indent: indent)
            }
        }
    }

    private func write<Element>(
        _ elements: [Element],
        between brackets: (open: UInt8, close: UInt8),
        to bytes: inout [UInt8],
        indent: Int?,
        element write: (Element, inout [UInt8], Int?) -> Void
    ) {
        bytes.append(brackets.open)
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            breakLine(indent.map { $0 + 1 }, &bytes)
            write(element, &bytes, indent.map { $0 + 1 })
        }
        if !elements.isEmpty { breakLine(indent, &bytes) }
        bytes.append(brackets.close)
    }

    private func breakLine(_ indent: Int?, _ bytes: inout [UInt8]) {
        guard let indent else { return }
        bytes.append(0x0A)
        bytes += repeatElement(0x20, count: 2 * indent)
    }
}

/// Appends a JSON string (RFC 8259, section 7) with its quotes: quote, backslash and control characters escaped, and what a
/// terminal that shows the text could take for a command (DEL, U+0080 to U+009F, line separators, marks that turn the
/// direction around); all else as it is.
/// - Parameter text: valid UTF-8.
package func appendJSONString(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    let contiguous: Void? = text.withContiguousStorageIfAvailable { appendEscaped($0, to: &bytes) }
    if contiguous == nil { [UInt8](text).withUnsafeBufferPointer { appendEscaped($0, to: &bytes) } }
    bytes.append(0x22)
}

private func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var copied = 0
    let count = text.count
    var next = 0
    while next < count {
        next = endOfPlain(text, from: next)
        let stop = min(next + 8, count)
        while next < stop {
            let (index, byte) = (next, text[next])
            next += 1
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F || byte == 0xC2 || byte == 0xE2,
                let (length, unit) = escapable(text, at: index)
            else { continue }
            bytes += text[copied..<index]
            copied = index + length
            appendEscape(of: unit, to: &bytes)
        }
    }
    bytes += text[copied...]
}

private func appendEscape(of unit: UInt16, to bytes: inout [UInt8]) {
    bytes.append(0x5C)
    switch unit {
    case 0x22, 0x5C: bytes.append(UInt8(unit))
    case 0x0A: bytes.append(0x6E)
    case 0x0D: bytes.append(0x72)
    case 0x09: bytes.append(0x74)
    default:
        bytes.append(0x75)
        for shift in [12, 8, 4, 0] { bytes.append(hexadecimalDigit(UInt8(unit >> UInt16(shift) & 0xF))) }
    }
}

/// The end of what begins at `start` and need not be looked at byte by byte: eight bytes at once, as long as all are
/// printable ASCII but a quote or a backslash.
private func endOfPlain(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let raw = UnsafeRawBufferPointer(text)
    let (ones, highs) = (0x0101_0101_0101_0101 as UInt64, 0x8080_8080_8080_8080 as UInt64)
    var index = start
    while index + 8 <= raw.count {
        let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        let (quotes, backslashes, deletes) = (word ^ ones &* 0x22, word ^ ones &* 0x5C, word ^ ones &* 0x7F)
        // Of a byte below 0x20, and of a difference of zero, the subtraction borrows from the highest bit.
        let borrowed = (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones) | (deletes &- ones)
        if (word | borrowed) & highs != 0 { break }
        index += 8
    }
    return index
}

/// The length and the UTF-16 unit of the character at `index`, where it is to be escaped.
private func escapable(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (length: Int, unit: UInt16)? {
    switch text[index] {
    case 0xC2 where index + 1 < text.count && text[index + 1] < 0xA0: return (2, UInt16(text[index + 1]))
    case 0xC2: return nil
    case 0xE2:
        guard index + 2 < text.count else { return nil }
        let unit = 0x2000 | UInt16(text[index + 1] & 0x3F) << 6 | UInt16(text[index + 2] & 0x3F)
        return (0x2028...0x202E).contains(unit) || (0x2066...0x2069).contains(unit) ? (3, unit) : nil
    default: return (1, UInt16(text[index]))
    }
}
