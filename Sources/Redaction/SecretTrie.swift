/// All forms of all held secrets as one automaton (Aho and Corasick, CACM 18:6, 1975): a text is read once, whatever is
/// held. Secrets may be added at any time; failure links are worked out when a text first needs them.
struct SecretTrie {
    /// The number of a place in the trie; 0 is its root.
    typealias Node = Int32

    private static let unknown: Node = -1

    /// Children of all nodes but the root: open addressing, by node and byte; 0 for an empty place.
    private var keys = [UInt64](repeating: 0, count: 64)
    private var children = [Node](repeating: 0, count: 64)
    private var isLeaf = [true]
    private var byte: [UInt8] = [0]
    private var depths: [Int32] = [0]
    private var parent: [Node] = [0]
    /// Which secret ends here; -1 for none.
    private var secret: [Int32] = [-1]
    private var failure: [Node] = [0]
    /// For which state of the trie `failure` and `outlet` of a node were worked out: secrets that come later make them old.
    private var known: [UInt32] = [0]
    private var generation: UInt32 = 0
    /// The node of the longest secret that ends here; 0 for none.
    private var outlet: [Node] = [0]
    private var rootChild = [Node](repeating: 0, count: 256)

    /// How many bytes of secrets are held, those that several have in common once.
    var size: Int { byte.count - 1 }

    var isEmpty: Bool { byte.count == 1 }
    /// Whether a blank is part of a secret.
    private(set) var holdsBlank = false
    private(set) var filter = SecretFilter()

    /// - Parameter bytes: not empty; as long as `Redactor.longestPiece` at most, which bounds the recursion below.
    mutating func insert(_ bytes: ArraySlice<UInt8>, secret number: Int32) {
        var node: Node = 0
        holdsBlank = holdsBlank || bytes.contains(0x20)
        for value in bytes { node = child(of: node, by: value) ?? append(value, to: node) }
        if secret[Int(node)] < 0 { secret[Int(node)] = number }
        filter.insert(bytes)
        generation += 1
    }

    /// The longest beginning of a secret that ends with this byte, after what led to `node`.
    mutating func next(_ node: Node, _ value: UInt8) -> Node {
        var node = node
        while node != 0 {
            if let child = child(of: node, by: value) { return child }
            node = failure(of: node)
        }
        return rootChild[Int(value)]
    }

    /// Whether a secret begins with this byte. Asked several times for each byte of a text: as a call, it would retain all
    /// arrays of the trie.
    @inline(__always)
    func begins(with value: UInt8) -> Bool { rootChild[Int(value)] != 0 }

    func hasChild(_ node: Node, by value: UInt8) -> Bool { child(of: node, by: value) != nil }

    /// How many bytes lead to a node.
    func depth(of node: Node) -> Int { Int(depths[Int(node)]) }

    /// The last two bytes that lead to a node: the last one lowest, 0 for what is not there.
    func lastBytes(of node: Node) -> UInt32 {
        UInt32(byte[Int(parent[Int(node)])]) << 8 | UInt32(byte[Int(node)])
    }

    /// The longest secret that ends at a node.
    mutating func ending(at node: Node) -> (secret: Int32, length: Int)? {
        let end = outlet(of: node)
        return end == 0 ? nil : (secret[Int(end)], depth(of: end))
    }

    /// The same place, or the nearest one from which there is a way on.
    mutating func continuable(_ node: Node) -> Node {
        var node = node
        while node != 0, isLeaf[Int(node)] { node = failure(of: node) }
        return node
    }

    private func child(of node: Node, by value: UInt8) -> Node? {
        let child = node == 0 ? rootChild[Int(value)] : children[place(of: Self.key(node, value))]
        return child == 0 ? nil : child
    }

    private static func key(_ node: Node, _ value: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(value) }

    /// Where a key stands, or would.
    private func place(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while keys[place] != key, keys[place] != 0 { place = (place + 1) & mask }
        return place
    }

    private mutating func add(_ child: Node, by key: UInt64) {
        if byte.count * 2 > keys.count {
            let old = zip(keys, children)
            keys = Array(repeating: 0, count: keys.count * 2)
            children = Array(repeating: 0, count: keys.count)
            for (key, child) in old where key != 0 { put(child, by: key) }
        }
        put(child, by: key)
    }

    private mutating func put(_ child: Node, by key: UInt64) {
        let place = place(of: key)
        keys[place] = key
        children[place] = child
    }

    private mutating func append(_ value: UInt8, to node: Node) -> Node {
        let new = Node(byte.count)
        byte.append(value)
        isLeaf.append(true)
        depths.append(depths[Int(node)] + 1)
        parent.append(node)
        secret.append(-1)
        failure.append(Self.unknown)
        outlet.append(Self.unknown)
        known.append(generation)
        isLeaf[Int(node)] = false
        if node == 0 { rootChild[Int(value)] = new } else { add(new, by: Self.key(node, value)) }
        return new
    }

    /// Forgets what was worked out before secrets came.
    private mutating func renew(_ node: Node) {
        guard node != 0, known[Int(node)] != generation else { return }
        known[Int(node)] = generation
        failure[Int(node)] = Self.unknown
        outlet[Int(node)] = Self.unknown
    }

    private mutating func failure(of node: Node) -> Node {
        renew(node)
        let known = failure[Int(node)]
        if known != Self.unknown { return known }
        let above = parent[Int(node)]
        let found = above == 0 ? 0 : next(failure(of: above), byte[Int(node)])
        failure[Int(node)] = found
        return found
    }

    private mutating func outlet(of node: Node) -> Node {
        renew(node)
        let known = outlet[Int(node)]
        if known != Self.unknown { return known }
        let found = secret[Int(node)] >= 0 ? node : outlet(of: failure(of: node))
        outlet[Int(node)] = found
        return found
    }
}
