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

    /// Most mappings are smaller than this, and are looked through.
    private static let fewest = 8

    package private(set) var entries: [Entry] = []
    /// Where an entry stands; empty while there are few.
    private var places: [Key: Int] = [:]

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }
    package var count: Int { entries.count }

    /// The value of a key that is a string.
    package subscript(key: String) -> YAMLNode? {
        place(of: .string(ExactText(key))).map { entries[$0].value }
    }

    /// - Returns: whether the key was new; nil where it is a list or a map, which cannot be a key.
    package mutating func set(_ key: YAMLNode, _ value: YAMLNode) -> Bool? {
        guard let identity = Key(key.value) else { return nil }
        if let place = place(of: identity) {
            entries[place].value = value
            return false
        }
        append(Entry(key: key, value: value), identity)
        return true
    }

    /// Sets what is not there yet.
    mutating func add(_ entry: Entry) {
        guard let identity = Key(entry.key.value), place(of: identity) == nil else { return }
        append(entry, identity)
    }

    private func place(of identity: Key) -> Int? {
        guard places.isEmpty else { return places[identity] }
        return entries.firstIndex { Key($0.key.value) == identity }
    }

    private mutating func append(_ entry: Entry, _ identity: Key) {
        entries.append(entry)
        guard entries.count > Self.fewest else { return }
        guard places.isEmpty else {
            places[identity] = entries.count - 1
            return
        }
        for (place, entry) in entries.enumerated() {
            if let identity = Key(entry.key.value) { places[identity] = place }
        }
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
