/// A value of a configuration file, whatever its format, with the place where it begins.
package struct ConfigurationNode: Sendable {
    package enum Value: Sendable {
        case nothing
        /// Texts, numbers and days, as they are written.
        case text(String)
        case truth(Bool, written: String)
        case list([ConfigurationNode])
        /// In the order of the file; no key twice.
        case map([Entry])
        /// What no setting is.
        case other(String)
    }

    package struct Entry: Sendable {
        package var key: ConfigurationNode
        package var value: ConfigurationNode

        package init(key: ConfigurationNode, value: ConfigurationNode) {
            self.key = key
            self.value = value
        }
    }

    package var value: Value
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int

    package init(_ value: Value, line: Int, column: Int) {
        self.value = value
        self.line = line
        self.column = column
    }

    /// For a message: `a list`.
    var kind: String {
        switch value {
        case .nothing: "nothing"
        case .text(let text): text.isEmpty ? "an empty text" : "a text"
        case .truth(_, let written): written
        case .list: "a list"
        case .map: "a mapping"
        case .other(let kind): kind
        }
    }
}
