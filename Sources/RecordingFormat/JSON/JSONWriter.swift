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

/// Appends a JSON string (RFC 8259, section 7) with its quotes: quote, backslash and control characters escaped, all
/// else as it is.
/// - Parameter text: valid UTF-8.
func appendJSONString(_ text: some Collection<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(0x22)
    let contiguous: Void? = text.withContiguousStorageIfAvailable { appendEscaped($0, to: &bytes) }
    if contiguous == nil { [UInt8](text).withUnsafeBufferPointer { appendEscaped($0, to: &bytes) } }
    bytes.append(0x22)
}

private func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var copied = 0
    for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
        bytes += text[copied..<index]
        copied = index + 1
        bytes.append(0x5C)
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x0A: bytes.append(0x6E)
        case 0x0D: bytes.append(0x72)
        case 0x09: bytes.append(0x74)
        default:
            bytes += "u00".utf8
            bytes.append(hexadecimalDigit(byte >> 4))
            bytes.append(hexadecimalDigit(byte & 0xF))
        }
    }
    bytes += text[copied...]
}
