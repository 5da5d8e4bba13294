import Files
import Glibc

/// A pattern of Include (glob(3)), looked up name by name: the system's own function returns only when it has looked at all
/// that there is, which may be every file of a computer.
struct IncludePattern {
    /// Names in folders that the patterns of one configuration may have looked at, all together.
    static let mostNames = 100_000

    struct TooMany: Error {}

    private let parts: [Substring]
    private var paths: [String] = []
    private var names: Int

    /// The files that a pattern matches, in the order of their names.
    /// - Parameters:
    ///   - pattern: begins with a slash.
    ///   - names: how many names were looked at before, and are now.
    static func files(matching pattern: String, names: inout Int) throws(TooMany) -> [String] {
        var search = IncludePattern(pattern, names)
        try search.search(search.parts[...], in: "")
        names = search.names
        return search.paths
    }

    private init(_ pattern: String, _ names: Int) {
        parts = pattern.split(separator: "/")
        self.names = names
    }

    private mutating func search(_ parts: ArraySlice<Substring>, in folder: String) throws(TooMany) {
        guard let part = parts.first else {
            if access(folder, F_OK) == 0 { paths.append(folder) }
            return
        }
        guard part.contains(where: { "*?[".contains($0) }) else {
            return try search(parts.dropFirst(), in: "\(folder)/\(Self.literal(part))")
        }
        for name in try matches(of: String(part), in: folder.isEmpty ? "/" : folder) {
            try search(parts.dropFirst(), in: "\(folder)/\(name)")
        }
    }

    /// The names in a folder that a part of a pattern matches; none where it cannot be read.
    private mutating func matches(of part: String, in folder: String) throws(TooMany) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            names += 1
            guard names <= Self.mostNames else { throw TooMany() }
            let name = dirent.name(of: entry)
            if name != ".", name != "..", fnmatch(part, name, FNM_PERIOD) == 0 { found.append(name) }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// What a part without wildcards names: a backslash keeps the character behind it.
    private static func literal(_ part: Substring) -> String {
        var text = ""
        var isKept = false
        for character in part {
            if character == "\\", !isKept {
                isKept = true
            } else {
                text.append(character)
                isKept = false
            }
        }
        return text
    }
}
