/// A member's name and the SHA-256 of its bytes: a line of SHA256SUMS, and a leaf of the Merkle tree.
package struct MemberHash: Sendable, Hashable {
    package var name: String
    /// In hexadecimal.
    package var hash: String

    package init(name: String, hash: String) {
        self.name = name
        self.hash = hash
    }

    /// As sha256sum(1) prints it, without the line end.
    var line: String { "\(hash)  \(name)" }
}

extension [MemberHash] {
    /// The file SHA256SUMS: `sha256sum -c` reads it.
    package var sums: [UInt8] {
        var bytes: [UInt8] = []
        for member in self {
            bytes += member.line.utf8
            bytes.append(0x0A)
        }
        return bytes
    }

    /// Reads a file SHA256SUMS; nil where a line is none.
    package init?(sums bytes: [UInt8]) {
        self = []
        for line in bytes.split(separator: 0x0A) {
            guard line.count > 66, line.dropFirst(64).starts(with: [0x20, 0x20]) else { return nil }
            append(
                MemberHash(
                    name: String(decoding: line.dropFirst(66), as: UTF8.self),
                    hash: String(decoding: line.prefix(64), as: UTF8.self)
                )
            )
        }
    }

    /// The root of the Merkle tree over these leaves, in hexadecimal; the tree has RFC 9162's shape (section 2.1.1), but
    /// hashes text, so that `printf` and `sha256sum` can prove one leaf: a leaf is SHA-256(0x00 ‖ its line of
    /// SHA256SUMS), a node SHA-256(0x01 ‖ left ‖ right) of the hexadecimal digits.
    package func merkleRoot(hash: HashFunction) -> String {
        var level = map { hexadecimal(hash([0x00] + $0.line.utf8)) }
        guard !level.isEmpty else { return hexadecimal(hash([])) }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { left in
                left + 1 < level.count
                    ? hexadecimal(hash([0x01] + level[left].utf8 + level[left + 1].utf8)) : level[left]
            }
        }
        return level[0]
    }
}
