/// What `~` stands for in the names of files that people write.
package enum HomeFolders {
    /// There is no such account, or it has no home.
    package struct Missing: Error {
        package let user: String
    }

    /// A path whose leading `~` or `~user` is replaced by a home folder.
    /// - Parameter home: of the user of this process.
    /// - Throws: Missing
    package static func expandTilde(_ path: String, home: String) throws(Missing) -> String {
        guard path.hasPrefix("~") else { return path }
        let name = path.dropFirst().prefix { $0 != "/" }
        let rest = path[name.endIndex...]
        guard !name.isEmpty else { return home + rest }
        guard let folder = UserAccount(named: String(name))?.home else { throw Missing(user: String(name)) }
        return folder + rest
    }

    /// The same for a path of the command line, where no shell saw to it (`--key-file=~/id`): a name of a file may well
    /// begin with `~`.
    package static func expandTildeWherePossible(_ path: String) -> String {
        guard path.hasPrefix("~"), let home = UserAccount.ofThisProcess?.home else { return path }
        return (try? expandTilde(path, home: home)) ?? path
    }
}
