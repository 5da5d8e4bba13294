/// A place in a file.
package struct FilePlace: Sendable, Hashable, CustomStringConvertible {
    package var path: String
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int

    package init(path: String, line: Int, column: Int) {
        self.path = path
        self.line = line
        self.column = column
    }

    package var description: String { "\(path):\(line):\(column)" }
}

/// Where a value comes from.
package enum SettingOrigin: Sendable, Hashable, CustomStringConvertible {
    /// A variable of the environment, by its name.
    case environment(String)
    case file(FilePlace)

    package var description: String {
        switch self {
        case .environment(let name): name
        case .file(let place): place.description
        }
    }
}

/// A setting's value, from one place.
package struct ConfiguredValue: Sendable, Hashable {
    package var key: String
    package var slot: String
    /// As the option takes them, paths from the root; several, or none, of a list only.
    package var texts: [String]
    package var origin: SettingOrigin
    package var layer: ConfigurationLayer.Kind
    /// The hosts that it is for; nil for all.
    package var hosts: String?
}
