/// One of the parts that a run's targets are divided into: `2/10` is the third of ten.
///
/// Rendezvous hashing (Thaler and Ravishankar, 1998): a target belongs to the part for which the hash of both is greatest. So
/// every target belongs to one part, whatever the others are, and one more part takes targets from the others and moves none
/// between them.
package struct Shard: Sendable, Hashable {
    /// From 0.
    package let index: Int
    package let count: Int

    /// The most parts there may be.
    package static let mostParts = 100_000

    /// - Returns: nil for an index that is not within the count, or too many parts.
    package init?(_ index: Int, of count: Int) {
        guard 0 <= index, index < count, count <= Self.mostParts else { return nil }
        (self.index, self.count) = (index, count)
    }

    /// Reads `I/N`, with I from 0 to N - 1.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Self.number(parts[0]), let count = Self.number(parts[1]) else { return nil }
        self.init(index, of: count)
    }

    private static func number(_ digits: Substring) -> Int? {
        guard digits.count <= 6, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits)
    }

    /// Whether the target of that name belongs to this part.
    package func contains(_ name: String) -> Bool { Self.owner(of: name, among: count) == index }

    /// The part that a target belongs to.
    package static func owner(of name: String, among count: Int) -> Int {
        let seed = hash(name)
        var best = (part: 0, weight: UInt64.min)
        for part in 0..<count {
            let weight = mix(seed ^ mix(UInt64(part) &+ 0x9E37_79B9_7F4A_7C15))
            if weight > best.weight { best = (part, weight) }
        }
        return best.part
    }

    /// FNV-1a of 64 bits over the name's UTF-8 (draft-eastlake-fnv): the same on every computer, for ever.
    private static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// SplitMix64's finalizer: every bit of the argument moves every bit of the value.
    private static func mix(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
