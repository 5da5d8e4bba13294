/// The number in front of an SSH string (RFC 4251, 5); nil where it is not whole.
func readLength(_ bytes: ArraySlice<UInt8>) -> Int? {
    bytes.count < 4 ? nil : bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
}

/// A length as an SSH string has it in front.
func lengthBytes(_ count: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
}

/// Takes an SSH string off the front; nil where it is not whole.
func takeString(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let length = readLength(bytes), bytes.count >= 4 + length else { return nil }
    defer { bytes = bytes.dropFirst(4 + length) }
    return bytes.dropFirst(4).prefix(length)
}
