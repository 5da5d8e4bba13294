/// A mapping: its entries in the order in which they were first met. Of a key that stands twice the last value counts, at the
/// first one's place.
package struct YAMLMap: Sendable {
    /// What two keys have in common that are one: 1, 1.0 and true are, as PyYAML's readers find them.
    enum Key: Hashable {
        case string(ExactText)
        case number(Double)
        case integer(Int)
        case other(ExactText)
        case null
    }

    package struct Entry: Sendable {
        package let key: YAMLNode
        package var value: YAMLNode
    }

    package private(set) var entries: [Entry] = []
    /// Where an entry stands.
    private var places: [Key: Int] = [:]

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// The value of a key that is a string.
    package subscript(key: String) -> YAMLNode? {
        places[.string(ExactText(key))].map { entries[$0].value }
    }

    /// - Returns: whether the key was new; nil where it is a list or a map, which cannot be a key.
    package mutating func set(_ key: YAMLNode, _ value: YAMLNode) -> Bool? {
        guard let identity = Key(key.value) else { return nil }
        if let place = places[identity] {
            entries[place].value = value
            return false
        }
        places[identity] = entries.count
        entries.append(Entry(key: key, value: value))
        return true
    }

    /// Sets what is not there yet.
    mutating func add(_ entry: Entry) {
        guard let identity = Key(entry.key.value), places[identity] == nil else { return }
        places[identity] = entries.count
        entries.append(entry)
    }
}

extension YAMLMap.Key {
    init?(_ value: YAMLNode.Value) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .integer(value ? 1 : 0)
        case .integer(let value): self = .integer(value)
        case .number(let value):
            if let whole = Int(exactly: value) { self = .integer(whole) } else { self = .number(value) }
        case .string(let text): self = .string(ExactText(text))
        case .largeInteger(let text), .timestamp(let text), .encrypted(let text): self = .other(ExactText(text))
        case .list, .map: return nil
        }
    }
}
