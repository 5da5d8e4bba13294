/// A value of a YAML or JSON text, with the place it begins at.
package struct YAMLNode: Sendable {
    package enum Value: Sendable {
        case null
        case boolean(Bool)
        case integer(Int)
        /// A whole number that does not fit into 64 bits: its decimal digits, with a sign where it has one.
        case largeInteger(String)
        case number(Double)
        case string(String)
        /// A day or a time, as ISO 8601 writes it.
        case timestamp(String)
        /// What only somebody with a key can read, as it stands.
        case encrypted(String)
        case list([YAMLNode])
        case map(YAMLMap)
    }

    package var value: Value
    /// From 1.
    package var line: Int
    /// From 1, in characters; 0 where it is not known, as in JSON.
    package var column = 0
    /// What stands in the text for a value that is not a string, a list or a map.
    package var source: String?

    package init(_ value: Value, line: Int, source: String? = nil) {
        self.value = value
        self.line = line
        self.source = source
    }

    package var string: String? {
        if case .string(let text) = value { text } else { nil }
    }

    package var map: YAMLMap? {
        if case .map(let map) = value { map } else { nil }
    }

    package var list: [YAMLNode]? {
        if case .list(let list) = value { list } else { nil }
    }

    package var isNull: Bool {
        if case .null = value { true } else { false }
    }

    /// Whether Python takes it for nothing: null, false, 0, an empty text, list or map.
    package var isFalsy: Bool {
        switch value {
        case .null: true
        case .boolean(let value): !value
        case .integer(let value): value == 0
        case .number(let value): value == 0
        case .string(let text): text.isEmpty
        case .list(let items): items.isEmpty
        case .map(let map): map.isEmpty
        case .largeInteger, .timestamp, .encrypted: false
        }
    }

    /// What it is, for a message: `a list`, `the number 1.1`.
    package var kind: String {
        switch value {
        case .null: "nothing (null)"
        case .boolean(let value): "the truth value \(value)"
        case .integer(let value): "the number \(value)"
        case .largeInteger(let digits): "the number \(digits)"
        case .number(let value): "the number \(value)"
        case .string: "a text"
        case .timestamp(let text): "the date \(text)"
        case .encrypted: "an encrypted value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}
