extension [UInt8] {
    /// Appends an integer, least significant byte first.
    mutating func append(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// The integer whose least significant byte is at `offset`; the bytes must be there.
    func littleEndian<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type, at offset: Int) -> Value {
        var value: Value = 0
        for index in (offset..<(offset + Value.bitWidth / 8)).reversed() {
            value = value << 8 | Value(self[index])
        }
        return value
    }
}
