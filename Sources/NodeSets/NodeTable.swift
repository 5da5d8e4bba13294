/// Nodes by the pattern of their names. Each operation takes as long as what is put to the table is large, and intersection
/// as long as both are.
struct NodeTable: Hashable, Sendable {
    /// For each pattern the numbers of its nodes, as many as the pattern has places for; one empty list for a name
    /// without numbers. No pattern is there without a node.
    private(set) var entries: [NamePattern: Set<[NodeNumber]>] = [:]
    private(set) var count = 0

    mutating func insert(_ pattern: NamePattern, _ numbers: Set<[NodeNumber]>) {
        guard entries[pattern] != nil || numbers.isEmpty else {
            entries[pattern] = numbers
            count += numbers.count
            return
        }
        change(pattern) { $0.formUnion(numbers) }
    }

    mutating func insert(_ pattern: NamePattern, _ numbers: [NodeNumber]) {
        change(pattern) { $0.insert(numbers) }
    }

    func contains(_ pattern: NamePattern, _ numbers: [NodeNumber]) -> Bool {
        entries[pattern]?.contains(numbers) == true
    }

    mutating func apply(_ operation: Operation, _ other: NodeTable) {
        switch operation {
        case .union:
            if count == 0 { self = other } else { other.entries.forEach { insert($0.key, $0.value) } }
        case .difference:
            for (pattern, numbers) in other.entries where entries[pattern] != nil {
                change(pattern) { $0.subtract(numbers) }
            }
        case .intersection:
            for pattern in Array(entries.keys) {
                let numbers = other.entries[pattern] ?? []
                change(pattern) { $0.formIntersection(numbers) }
            }
        case .symmetricDifference:
            for (pattern, numbers) in other.entries { change(pattern) { $0.formSymmetricDifference(numbers) } }
        }
    }

    private mutating func change(_ pattern: NamePattern, _ body: (inout Set<[NodeNumber]>) -> Void) {
        let growth = Self.change(&entries[pattern, default: []], body)
        count += growth.after - growth.before
        if growth.after == 0 { entries[pattern] = nil }
    }

    private static func change(
        _ numbers: inout Set<[NodeNumber]>,
        _ body: (inout Set<[NodeNumber]>) -> Void
    ) -> (before: Int, after: Int) {
        let before = numbers.count
        body(&numbers)
        return (before, numbers.count)
    }
}

/// What stands between two parts of a node set. None binds tighter than another.
enum Operation: UInt8, Sendable {
    case union = 0x2C
    case difference = 0x21
    case intersection = 0x26
    case symmetricDifference = 0x5E
}
