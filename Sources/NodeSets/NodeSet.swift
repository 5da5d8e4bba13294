/// A set of node names, kept as patterns with numbers: what ClusterShell's `NodeSet` is.
package struct NodeSet: Sendable, Hashable {
    private var table = NodeTable()
    /// The nodes with a negative number in brackets, as their names read without brackets: `node[-5]` as `node-5`.
    private var negatives = NodeTable()

    /// The empty set.
    package init() {}

    /// - Parameter numbers: for each node one for each of the pattern's places.
    init(_ pattern: NamePattern, _ numbers: Set<[NodeNumber]>, mayBeNegative: Bool) {
        guard !numbers.isEmpty else { return }
        table.insert(pattern, numbers)
        guard mayBeNegative else { return }
        let pieces = pattern.pieces
        for node in numbers where node.contains(where: \.isNegative) {
            let name = NamePattern.name(pieces, with: node.map(\.text))
            if let (plain, plainNumbers) = try? NamePattern.split(Substring(name)) {
                negatives.insert(plain, plainNumbers)
            }
        }
    }

    /// Takes each text for one name, whatever it holds: an operator or a bracket is a part of it.
    package init(names: some Sequence<String>) {
        for name in names where !name.isEmpty { insert(name: name) }
    }

    private mutating func insert(name: String) {
        do throws(NodeSetError) {
            let (pattern, numbers) = try NamePattern.split(Substring(name))
            table.insert(pattern, numbers)
        } catch {
            // A number that is too long to count with is a part of the name like any other.
            var pattern = NamePattern()
            pattern.append(name.utf8)
            table.insert(pattern, [NodeNumber]())
        }
    }

    package var count: Int { table.count }

    package var isEmpty: Bool { table.count == 0 }

    /// Whether a node is there that is written like this, without brackets.
    package func contains(name: String) -> Bool {
        guard let (pattern, numbers) = try? NamePattern.split(Substring(name)) else { return false }
        return table.contains(pattern, numbers) || negatives.contains(pattern, numbers)
    }

    /// Whether a name can stand in a node set as it is: the parts of a folded set are of such names, or cannot be read back.
    package static func canBeWritten(_ name: String) -> Bool {
        let isPlain = !name.utf8.contains {
            Operation(rawValue: $0) != nil || Wildcard.isWild($0) || "[]\n\r".utf8.contains($0)
        }
        guard isPlain, name.utf8.first != UInt8(ascii: "@") else { return false }
        var reader = NodeSetReader()
        return (try? reader.read(name).names) == [name]
    }

    /// The names in ClusterShell's order: by pattern; one number by length, then value; several as they fold.
    package var names: [String] {
        sortedNodes.flatMap { pattern, numbers in
            let pieces = pattern.pieces
            return GridFolder.vectors(of: numbers).flatMap { vector in
                product(of: vector).map { NamePattern.name(pieces, with: $0.map(\.text)) }
            }
        }
    }

    /// The set in one text, as `nodeset -f` prints it; it reads back to the same set, where each name `canBeWritten`.
    package var folded: String {
        sortedNodes.flatMap { pattern, numbers in
            let pieces = pattern.pieces
            return GridFolder.vectors(of: numbers).map { vector in
                NamePattern.name(pieces, with: vector.map { $0.count == 1 ? $0[0].text : "[\(NumberRuns.fold($0))]" })
            }
        }.joined(separator: ",")
    }

    private var sortedNodes: [(NamePattern, Set<[NodeNumber]>)] {
        table.entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

// MARK: Operations

extension NodeSet {
    mutating func apply(_ operation: Operation, _ other: NodeSet) {
        table.apply(operation, other.table)
        negatives.apply(operation, other.negatives)
    }

    package mutating func formUnion(_ other: NodeSet) { apply(.union, other) }

    package mutating func subtract(_ other: NodeSet) { apply(.difference, other) }

    /// A name that stands in both sets and is two nodes to them: `node[-5]` and `node-5`.
    func nameWrittenTwice(with other: NodeSet) -> String? {
        Self.common(negatives, other.table) ?? Self.common(other.negatives, table)
    }

    private static func common(_ negatives: NodeTable, _ others: NodeTable) -> String? {
        guard negatives.count > 0 else { return nil }
        let (few, many) = negatives.count < others.count ? (negatives, others) : (others, negatives)
        for (pattern, numbers) in few.entries {
            guard let found = numbers.first(where: { many.contains(pattern, $0) }) else { continue }
            return NamePattern.name(pattern.pieces, with: found.map(\.text))
        }
        return nil
    }
}

/// Every list that has one element of each of the lists, the last changing fastest.
func product<Element>(of lists: [[Element]]) -> [[Element]] {
    var rows: [[Element]] = [[]]
    for list in lists {
        rows = rows.flatMap { row in list.map { row + [$0] } }
    }
    return rows
}
