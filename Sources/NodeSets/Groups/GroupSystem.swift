/// The files and commands that groups are made of: what the caller of this module does for it.
package protocol GroupSystem: Sendable {
    /// A file's text; nil where there is none.
    /// - Throws: where it is there and cannot be read, or is longer than `NodeSetLimits.textBytes`.
    func text(of path: String) throws(GroupFailure) -> String?

    /// The names of a folder's files; nil where nothing has that path.
    /// - Throws: where it is not a folder, or cannot be read.
    func names(in folder: String) throws(GroupFailure) -> [String]?

    /// Why what a path leads to must not be used, whose commands are run: anybody may change the file, or put one into the
    /// folder. For the end of a sentence, with the way out.
    func danger(of path: String, isFolder: Bool) -> String?

    /// Reads a group file, which is YAML 1.1.
    /// - Throws: where it is not YAML, with the line.
    func document(_ yaml: String) throws(GroupFailure) -> GroupDocument

    /// Runs a shell's line in a folder, with nothing on its standard input.
    /// - Returns: what it wrote to its standard output.
    /// - Throws: where it cannot be run, writes too much, takes too long, or does not end with 0.
    func output(of line: String, in folder: String) throws(GroupFailure) -> String
}

extension GroupSystem {
    package func danger(of path: String, isFolder: Bool) -> String? { nil }
}

/// Why a file cannot be read, or a command failed.
package struct GroupFailure: Error, Sendable, Hashable {
    /// For the end of a sentence: `Permission denied`, `it ended with exit code 1`.
    package var reason: String
    /// The line of the file, from 1.
    package var line: Int?
    /// Whether this user may not read the file.
    package var isForbidden: Bool

    package init(_ reason: String, line: Int? = nil, isForbidden: Bool = false) {
        self.reason = reason
        self.line = line
        self.isForbidden = isForbidden
    }
}

/// A value of a YAML document, with the line where it begins, from 1.
package struct GroupDocument: Sendable {
    package indirect enum Value: Sendable {
        case null
        /// What YAML 1.1 takes for text: `web1`, `'12'`.
        case text(String)
        /// Any other scalar as it is written: a number, a date, `yes`.
        case other(String)
        case list([GroupDocument])
        /// In the order of the file, with keys that are there twice.
        case map([(key: GroupDocument, value: GroupDocument)])
    }

    package var value: Value
    package var line: Int

    package init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }
}
