/// The CRC-32 of Ethernet and zip (reflected polynomial 0xEDB88320), eight bytes at a time.
enum CRC32 {
    /// `tables[k * 256 + b]`: what byte `b` does to the remainder when `k` more bytes follow it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            tables[byte] = (0..<8).reduce(UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
            }
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    /// The checksum of `bytes[range]`.
    static func checksum(_ bytes: [UInt8], in range: Range<Int>) -> UInt32 {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        return bytes.withUnsafeBytes { raw in
            tables.withUnsafeBufferPointer { table in
                checksum(UnsafeRawBufferPointer(rebasing: raw[range]), table)
            }
        }
    }

    private static func checksum(_ raw: UnsafeRawBufferPointer, _ table: UnsafeBufferPointer<UInt32>) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        var offset = 0
        while raw.count - offset >= 8 {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ UInt64(crc)
            crc = 0
            for byte in 0..<8 {
                crc ^= table[(7 - byte) << 8 | Int(truncatingIfNeeded: word >> (8 * UInt64(byte)) & 0xFF)]
            }
            offset += 8
        }
        while offset < raw.count {
            crc = crc >> 8 ^ table[Int(truncatingIfNeeded: (crc ^ UInt32(raw[offset])) & 0xFF)]
            offset += 1
        }
        return ~crc
    }
}
