/// The last bytes of `run.tar.zst`: a skippable zstd frame (RFC 8878, section 3.1.2), which tar and zstd pass over, that
/// tells where the frame with the index and SHA256SUMS is, so that one target is found without reading the others.
package struct ArchiveTrailer: Sendable, Hashable {
    package static let byteCount = 32
    private static let magic: UInt32 = 0x184D_2A50
    private static let signature = Array("psrunidx".utf8)

    /// The frame's first byte in the file, and its length.
    package var offset: UInt64
    package var length: UInt64

    package init(offset: UInt64, length: UInt64) {
        self.offset = offset
        self.length = length
    }

    /// Reads the last `byteCount` bytes of an archive; nil where they are not trailer.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(
            offset: bytes.littleEndian(UInt64.self, at: 8),
            length: bytes.littleEndian(UInt64.self, at: 16)
        )
        guard self.bytes == bytes else { return nil }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: Self.magic)
        bytes.append(littleEndian: UInt32(Self.byteCount - 8))
        bytes.append(littleEndian: offset)
        bytes.append(littleEndian: length)
        return bytes + Self.signature
    }
}
