/// Which groups a group is in, at any distance: looked up for each host, so that a dense tree is walked once, and not once a
/// host.
struct GroupAncestry {
    private let groups: [InventoryGraph.Group]
    /// The groups in the order in which their variables count, the last one most: by depth, priority and name.
    private let order: [Int]
    private let rank: [Int]
    /// By group: a bit for each group of `order`, itself among them.
    private var known: [Int: [UInt64]] = [:]
    private let words: Int

    /// How many words are kept; more are worked out again.
    private static let mostWords = 8 << 20

    init(_ groups: [InventoryGraph.Group]) {
        self.groups = groups
        order = groups.indices.sorted {
            (groups[$0].depth, groups[$0].priority, groups[$0].name)
                < (groups[$1].depth, groups[$1].priority, groups[$1].name)
        }
        var rank = order
        for (place, group) in order.enumerated() { rank[group] = place }
        self.rank = rank
        words = groups.count / 64 + 1
    }

    /// These groups and all that they are in, each once, in the order in which their variables count.
    mutating func groups(above start: [Int]) -> [Int] {
        var bits = [UInt64](repeating: 0, count: words)
        for group in start { Self.unite(&bits, self.bits(of: group)) }
        var found: [Int] = []
        for (place, word) in bits.enumerated() {
            var rest = word
            while rest != 0 {
                found.append(order[place * 64 + rest.trailingZeroBitCount])
                rest &= rest - 1
            }
        }
        return found
    }

    /// As deep as groups stand in groups, which is bounded.
    private mutating func bits(of group: Int) -> [UInt64] {
        if let bits = known[group] { return bits }
        var bits = [UInt64](repeating: 0, count: words)
        bits[rank[group] / 64] |= 1 << UInt64(rank[group] % 64)
        for parent in groups[group].parents { Self.unite(&bits, self.bits(of: parent)) }
        if (known.count + 1) * words > Self.mostWords { known = [:] }
        known[group] = bits
        return bits
    }

    private static func unite(_ bits: inout [UInt64], _ more: [UInt64]) {
        for place in bits.indices where more[place] != 0 { bits[place] |= more[place] }
    }
}
