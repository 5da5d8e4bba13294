import Glibc

/// Looking for a program where a shell would.
package enum ProgramSearch {
    /// The executable file of this path, or of this name in the first folder of `path` that has it.
    /// - Parameters:
    ///   - path: folders with colons between, as PATH has them.
    ///   - isExecutable: whether there is a program at a path; the file system's answer unless a test gives another.
    package static func find(
        _ name: String,
        in path: String,
        isExecutable: (String) -> Bool = { access($0, X_OK) == 0 }
    ) -> String? {
        guard !name.utf8.contains(UInt8(ascii: "/")) else { return isExecutable(name) ? name : nil }
        return path.split(separator: ":").lazy.map { "\($0)/\(name)" }.first(where: isExecutable)
    }
}
