package import CLIXML
import Glibc
import PSRP

/// Random GUIDs (RFC 9562, version 4), of bytes that the kernel gives for many at once.
package struct RandomIdentifiers: IdentifierSource {
    /// The most that getentropy(3) gives at once.
    private static let poolBytes = 256

    private var pool: ArraySlice<UInt64> = []

    package init() {}

    package mutating func nextIdentifier() -> PSGuid {
        PSGuid(high: nextBits() & ~0xF000 | 0x4000, low: nextBits() & ~(3 << 62) | 2 << 62)
    }

    private mutating func nextBits() -> UInt64 {
        if pool.isEmpty { fill() }
        return pool.popFirst() ?? UInt64.random(in: .min ... .max)
    }

    private mutating func fill() {
        var words = [UInt64](repeating: 0, count: Self.poolBytes / 8)
        if getentropy(&words, Self.poolBytes) == 0 { pool = words[...] }
    }
}
