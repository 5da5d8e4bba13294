/// A name with `*` for any text and `?` for one character, matched whole and by case.
package struct Wildcard: Sendable {
    package let text: String
    private let pattern: [Unicode.Scalar]

    static func isWild(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") }

    package init(_ pattern: String) {
        text = pattern
        self.pattern = Array(pattern.unicodeScalars)
    }

    /// Whether it may stand for more than one name.
    package var isWild: Bool { pattern.contains { $0 == "*" || $0 == "?" } }

    /// Takes at most as many steps as pattern and name are long, multiplied.
    package func matches(_ name: String) -> Bool {
        let name = Array(name.unicodeScalars)
        var place = 0
        var position = 0
        // Where the last `*` stands, and how much of the name it takes so far.
        var star: (place: Int, position: Int)?
        while position < name.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[position] {
                place += 1
                position += 1
            } else if let last = star {
                star = (last.place, last.position + 1)
                place = last.place + 1
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
