/// The Merkle tree over a run's entries. It has RFC 9162's shape (section 2.1.1), but hashes text, so that `printf` and
/// `sha256sum` can prove one leaf: a leaf is SHA-256(0x00 ‖ its line of SHA256SUMS), a node SHA-256(0x01 ‖ left ‖ right)
/// of the children's hexadecimal digits.
package enum MerkleTree {
    static func leaf(_ member: MemberHash, hash: HashFunction) -> String {
        hexadecimal(hash([0x00] + member.line.utf8))
    }

    static func node(_ left: String, _ right: String, hash: HashFunction) -> String {
        hexadecimal(hash([0x01] + left.utf8 + right.utf8))
    }

    /// The level above: a node without a neighbour moves up as it is.
    static func parents(of level: [String], hash: HashFunction) -> [String] {
        stride(from: 0, to: level.count, by: 2).map { left in
            left + 1 < level.count ? node(level[left], level[left + 1], hash: hash) : level[left]
        }
    }
}

extension [MemberHash] {
    /// The root of the Merkle tree over these leaves, in hexadecimal.
    package func merkleRoot(hash: HashFunction) -> String {
        var level = map { MerkleTree.leaf($0, hash: hash) }
        guard !level.isEmpty else { return hexadecimal(hash([])) }
        while level.count > 1 { level = MerkleTree.parents(of: level, hash: hash) }
        return level[0]
    }

    /// What proves that the leaf at `index` is under the root, and tells nothing of any other.
    package func merkleProof(of index: Int, hash: HashFunction) -> MerkleProof {
        var level = map { MerkleTree.leaf($0, hash: hash) }
        var position = index
        var steps: [MerkleProof.Step] = []
        while level.count > 1 {
            if position % 2 == 1 {
                steps.append(MerkleProof.Step(side: .left, hash: level[position - 1]))
            } else if position + 1 < level.count {
                steps.append(MerkleProof.Step(side: .right, hash: level[position + 1]))
            }
            level = MerkleTree.parents(of: level, hash: hash)
            position /= 2
        }
        return MerkleProof(leaf: self[index], steps: steps)
    }
}
