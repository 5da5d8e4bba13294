/// Why a text is not a value.
package struct YAMLFailure: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        case invalidYAML = "InvalidYAML"
        case invalidJSON = "InvalidJSON"
        case severalDocuments = "YAMLHasSeveralDocuments"
        case tooDeep = "YAMLTooDeep"
        case tooLarge = "YAMLTooLarge"
        case unknownTag = "YAMLTagUnknown"
    }

    package let code: Code
    /// From 1.
    package let line: Int
    /// From 1, in characters; 0 where it is not known.
    package var column = 0
    /// What is wrong, as the end of a sentence, without a full stop.
    package let reason: String

    package init(_ code: Code, line: Int, _ reason: String) {
        self.code = code
        self.line = line
        self.reason = reason
    }
}

/// What a text holds.
package struct YAMLDocument: Sendable {
    /// null where the text is empty.
    package let root: YAMLNode
    /// The keys that stand twice in one mapping, with the second one's line: the last value counts.
    package let repeatedKeys: [RepeatedKey]

    package struct RepeatedKey: Sendable, Hashable {
        package let key: String
        package let line: Int
        package let column: Int
    }
}

/// What readers of a format of their own take beside YAML 1.1.
package struct YAMLDialect: Sendable {
    package enum Meaning: Sendable {
        /// The value is read as if it had no tag.
        case plain
        /// The value is encrypted.
        case encrypted
    }

    /// By tag, such as `!vault`.
    package var tags: [String: Meaning]
    /// By the only key of a JSON object that stands for its value.
    package var wrappers: [String: Meaning]

    package init(tags: [String: Meaning] = [:], wrappers: [String: Meaning] = [:]) {
        self.tags = tags
        self.wrappers = wrappers
    }
}

/// Reads YAML 1.1 and JSON texts: libyaml splits YAML into its parts, and the types are PyYAML's (`safe_load`), which most of
/// the tools that have such files use.
package enum YAMLReader {
    /// No deeper than this.
    package static let deepest = 64
    /// No more values than this, those that aliases (`*name`) stand for counted each time.
    package static let mostValues = 10_000_000

    /// One document of YAML.
    /// - Throws: `YAMLFailure`
    package static func yaml(_ text: [UInt8], dialect: YAMLDialect = YAMLDialect()) throws(YAMLFailure) -> YAMLDocument
    {
        let events = YAMLEvents(text)
        var composer = YAMLComposer(events, dialect)
        return try composer.document()
    }

    /// A JSON text, with the freedoms Python's reader takes (NaN, Infinity).
    /// - Throws: `YAMLFailure`
    package static func json(_ text: [UInt8], dialect: YAMLDialect = YAMLDialect()) throws(YAMLFailure) -> YAMLDocument
    {
        var parser = JSONParser(text, dialect)
        return try parser.document()
    }

    /// JSON where the text is JSON, and YAML where it is not: the two differ in some numbers (`1e3`).
    /// - Throws: `YAMLFailure`, YAML's.
    package static func jsonOrYAML(
        _ text: [UInt8],
        dialect: YAMLDialect = YAMLDialect()
    ) throws(YAMLFailure) -> YAMLDocument {
        if let document = try? json(text, dialect: dialect) { return document }
        return try yaml(text, dialect: dialect)
    }
}
