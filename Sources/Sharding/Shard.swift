/// One of the parts that a run's targets are divided into: `2/10` is the third of ten.
///
/// Rendezvous hashing (Thaler and Ravishankar, 1998): a target belongs to the shard for which the hash of both is greatest.
/// So every target belongs to one shard, whatever the others are, and one shard more takes targets from the others and moves
/// none between them.
package struct Shard: Sendable, Hashable {
    /// From 0.
    package let index: Int
    package let count: Int

    /// The most shards there may be: each target is weighed against each of them.
    package static let mostShards = 4_096

    /// - Returns: nil for an index that is not within the count, or too many shards.
    package init?(_ index: Int, of count: Int) {
        guard 0 <= index, index < count, count <= Self.mostShards else { return nil }
        (self.index, self.count) = (index, count)
    }

    /// `2/10`.
    package var text: String { "\(index)/\(count)" }

    /// Whether the target of that name belongs to this shard.
    package func contains(_ name: String) -> Bool { Self.owner(of: name, among: count) == index }

    /// The places of those of some targets that belong to this shard, in their order.
    package func positions(in names: some Collection<String>) -> [Int] {
        names.enumerated().filter { contains($0.element) }.map(\.offset)
    }

    /// The shard that a target belongs to; of two with the same hash the first.
    package static func owner(of name: String, among count: Int) -> Int {
        let seed = hash(name)
        var best = (shard: 0, weight: UInt64.min)
        for shard in 0..<count {
            let weight = mix(seed ^ mix(UInt64(shard) &+ 0x9E37_79B9_7F4A_7C15))
            if weight > best.weight { best = (shard, weight) }
        }
        return best.shard
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
