/// How a receiver reads a value: an object that only wraps a primitive (an enum, a decorated string) counts as that
/// primitive, since senders differ in what they wrap (server/minimal).
extension PSValue {
    /// The value inside the objects that wrap it, or itself.
    package var unwrapped: PSValue {
        var value = self
        while case .object(let object) = value, case .value(let inner) = object.base { value = inner }
        return value
    }

    package var isNull: Bool { unwrapped == .null }

    package var stringValue: PSString? {
        if case .string(let string) = unwrapped { string } else { nil }
    }

    /// A string's text, U+FFFD standing for a lone surrogate; nil for anything else.
    package var text: String? { stringValue?.text }

    package var boolValue: Bool? {
        if case .bool(let bool) = unwrapped { bool } else { nil }
    }

    package var int32Value: Int32? {
        if case .int32(let number) = unwrapped { number } else { nil }
    }

    package var int64Value: Int64? {
        switch unwrapped {
        case .int64(let number): number
        case .int32(let number): Int64(number)
        default: nil
        }
    }

    package var objectValue: PSObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The elements of a list, queue, stack or enumerable; nil for anything else.
    package var elements: [PSValue]? {
        guard case .object(let object) = self else { return nil }
        return switch object.base {
        case .list(let elements), .queue(let elements), .stack(let elements), .enumerable(let elements): elements
        case .value(let inner): inner.elements
        case .none, .dictionary: nil
        }
    }

    /// The entries of a dictionary, in order; nil for anything else.
    package var entries: [PSEntry]? {
        guard case .object(let object) = self else { return nil }
        return switch object.base {
        case .dictionary(let entries): entries
        case .value(let inner): inner.entries
        case .none, .list, .queue, .stack, .enumerable: nil
        }
    }

    /// The property of this name, extended before adapted, letter case aside (ASCII); nil where there is none.
    package subscript(property: String) -> PSValue? {
        guard case .object(let object) = self else { return nil }
        return object[property]
    }

    /// The dictionary entry whose key is this string, letter case as given; nil where there is none.
    package subscript(key key: String) -> PSValue? {
        entries?.first { $0.key.text == key }?.value
    }
}

extension PSObject {
    /// The property of this name, extended before adapted, letter case aside (ASCII); nil where there is none.
    package subscript(property: String) -> PSValue? {
        for list in [extended, adapted] {
            if let found = list.first(where: { $0.name == property }) ?? list.first(where: { $0.isNamed(property) }) {
                return found.value
            }
        }
        if case .value(.object(let inner)) = base { return inner[property] }
        return nil
    }
}

extension PSProperty {
    /// Whether this is its name, the letter case of ASCII aside.
    package func isNamed(_ other: String) -> Bool {
        func folded(_ byte: UInt8) -> UInt8 {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
        }
        let count = name.utf8.count
        return count == other.utf8.count && zip(name.utf8, other.utf8).allSatisfy { folded($0) == folded($1) }
    }
}
