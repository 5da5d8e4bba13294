/// A pattern of ssh_config(5) and known_hosts: `*`, `?`, and `!` in front to exclude.
struct HostPattern: Sendable, Hashable {
    let isNegated: Bool
    private let pattern: [UInt8]

    init(_ text: some StringProtocol) {
        isNegated = text.hasPrefix("!")
        pattern = Array(text.utf8.dropFirst(isNegated ? 1 : 0))
    }

    /// As it is written.
    var text: String { (isNegated ? "!" : "") + String(decoding: pattern, as: UTF8.self) }

    /// Whether it fits just any name.
    var isForAll: Bool { pattern.allSatisfy { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }

    /// Whether the pattern itself fits, negation aside.
    func fits(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (position, current) = (0, 0)
        var star: (position: Int, current: Int)?
        while current < name.count {
            if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
                star = (position, current)
                position += 1
            } else if position < pattern.count,
                pattern[position] == UInt8(ascii: "?") || pattern[position] == name[current]
            {
                position += 1
                current += 1
            } else if let last = star {
                star = (last.position, last.current + 1)
                position = last.position + 1
                current = last.current + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension [HostPattern] {
    /// A list with commas between, as a Match line has it.
    init(list: some StringProtocol) {
        self = list.split(separator: ",").map { HostPattern($0) }
    }

    /// Whether they match a name, and one that does is not for just any.
    func name(_ host: String) -> Bool {
        matches(host) && contains { !$0.isNegated && !$0.isForAll && $0.fits(host) }
    }

    /// Whether one pattern fits and no negated one does.
    func matches(_ name: String) -> Bool {
        var isMatched = false
        for pattern in self where pattern.fits(name) {
            if pattern.isNegated { return false }
            isMatched = true
        }
        return isMatched
    }
}
