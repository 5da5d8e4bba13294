/// One number in a node's name as it is written: `8`, `08` and `-8` are three of them. ASCII digits, perhaps a minus.
struct NodeNumber: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// - Parameter width: filled up with zeros to it; 0 for none.
    init(_ value: Int, width: Int, after prefix: String = "") {
        let digits = String(value)
        text = prefix + String(repeating: "0", count: max(0, width - digits.utf8.count - prefix.utf8.count)) + digits
    }

    var isNegative: Bool { text.utf8.first == UInt8(ascii: "-") }

    /// Whether it begins with a zero that does not count.
    var isPadded: Bool { text.utf8.count > 1 && text.utf8.first == UInt8(ascii: "0") }

    /// The digits that `Int` always holds.
    static let intDigits = 18

    /// Whether `other` is one more. Beyond 18 digits only the last 18 may differ.
    func isFollowed(by other: NodeNumber) -> Bool {
        let mine = split
        let others = other.split
        guard mine.high == others.high, let low = mine.low, let next = others.low else { return false }
        return next == low + 1
    }

    /// The digits before the last 18, and those as a number.
    private var split: (high: Substring, low: Int?) {
        let excess = max(0, text.utf8.count - Self.intDigits - (isNegative ? 1 : 0))
        let high = text.prefix(excess)
        return high.allSatisfy({ $0 == "0" }) ? ("", Int(text.dropFirst(excess))) : (high, Int(text.dropFirst(excess)))
    }
}

extension NodeNumber: Comparable {
    /// Negative numbers first, then by length, then by value: `-3`, `9`, `08`, `10`, `007`.
    static func < (one: NodeNumber, other: NodeNumber) -> Bool {
        let lengths = (one.text.utf8.count, other.text.utf8.count)
        switch (one.isNegative, other.isNegative) {
        case (true, true): return lengths.0 == lengths.1 ? one.text > other.text : lengths.0 > lengths.1
        case (true, false): return true
        case (false, true): return false
        case (false, false): return lengths.0 == lengths.1 ? one.text < other.text : lengths.0 < lengths.1
        }
    }
}
