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
            guard line.dropFirst(64).starts(with: [0x20, 0x20]), RunName.isName(line.dropFirst(66)) else { return nil }
            append(
                MemberHash(
                    name: String(decoding: line.dropFirst(66), as: UTF8.self),
                    hash: String(decoding: line.prefix(64), as: UTF8.self)
                )
            )
        }
    }
}
