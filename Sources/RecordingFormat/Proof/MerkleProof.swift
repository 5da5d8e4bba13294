/// One entry's way up to the Merkle root: `path.tsv` of a proof. Its first line is the entry's line of SHA256SUMS; each
/// other is `left` or `right`, a tab, and the hash that stands on that side.
package struct MerkleProof: Sendable, Hashable {
    package enum Side: String, Sendable, Hashable {
        case left, right
    }

    /// The neighbour on one level.
    package struct Step: Sendable, Hashable {
        /// Where the neighbour stands.
        package var side: Side
        /// In hexadecimal.
        package var hash: String

        package init(side: Side, hash: String) {
            self.side = side
            self.hash = hash
        }
    }

    package var leaf: MemberHash
    /// From the leaves upwards.
    package var steps: [Step]

    package init(leaf: MemberHash, steps: [Step]) {
        self.leaf = leaf
        self.steps = steps
    }

    /// The root that this way leads to, in hexadecimal: the manifest's, or nothing is proved.
    package func root(hash: HashFunction) -> String {
        steps.reduce(MerkleTree.leaf(leaf, hash: hash)) { node, step in
            switch step.side {
            case .left: MerkleTree.node(step.hash, node, hash: hash)
            case .right: MerkleTree.node(node, step.hash, hash: hash)
            }
        }
    }

    /// The file's bytes.
    package var encoded: [UInt8] {
        ([leaf.line] + steps.map { "\($0.side.rawValue)\t\($0.hash)" }).flatMap { Array($0.utf8) + [0x0A] }
    }

    /// Reads the file; nil for any other bytes than `encoded` has.
    package init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0A)
        guard let first = lines.first, let leaf = [MemberHash](sums: Array(first))?.first else { return nil }
        self.init(leaf: leaf, steps: lines.dropFirst().compactMap(Step.init))
        guard encoded == bytes else { return nil }
    }
}

extension MerkleProof.Step {
    fileprivate init?(_ line: ArraySlice<UInt8>) {
        let fields = String(decoding: line, as: UTF8.self).split(separator: "\t").map(String.init)
        guard fields.count == 2, let side = MerkleProof.Side(rawValue: fields[0]), isHash(fields[1]) else { return nil }
        self.init(side: side, hash: fields[1])
    }
}
