import Files
import Glibc

/// Finds what a word may become, in folders and in PATH. No shell runs for it.
package struct Completer: Sendable {
    /// Entries of one folder that are looked at, and matches that are told.
    private static let mostEntries = 50_000
    private static let mostMatches = 1_000

    /// Folders of PATH, in its order.
    private let path: [String]
    private let home: String

    /// - Parameter environment: `NAME=value` strings of the shell.
    package init(environment: [String], home: String) {
        let line = environment.first { $0.hasPrefix("PATH=") } ?? "PATH=/usr/bin:/bin"
        path = line.dropFirst("PATH=".count).split(separator: ":").map(String.init)
        self.home = home
    }

    /// - Parameter folder: where the shell is.
    package func matches(_ point: CompletionPoint, in folder: String) -> [CompletionMatch] {
        switch point.kind {
        case .file: return files(point.word, in: folder, quoted: PowerShellWord.quoted)
        case .command(let isCalled):
            let found = point.word.contains("/") ? [] : commands(point.word, isCalled: isCalled)
            guard found.isEmpty else { return found }
            return files(point.word, in: folder) { Self.called($0, isCalled: isCalled) }
        }
    }

    /// A quoted word is a string to PowerShell unless `&` calls it.
    private static func called(_ text: String, isCalled: Bool) -> String {
        let word = PowerShellWord.quoted(text)
        return word == text || isCalled ? word : "& \(word)"
    }

    private func commands(_ word: String, isCalled: Bool) -> [CompletionMatch] {
        var found: [String: String] = [:]
        for folder in path {
            for name in Self.names(in: folder, beginningWith: word) where found[name] == nil {
                let file = "\(folder)/\(name)"
                if access(file, X_OK) == 0, Self.kind(of: file) == .file { found[name] = file }
            }
        }
        return found.sorted { $0.key < $1.key }.prefix(Self.mostMatches).map { name, file in
            CompletionMatch(text: Self.called(name, isCalled: isCalled), name: name, kind: .command, path: file)
        }
    }

    /// As a real server has it, a name without a folder gets `./`, and letter case does not matter.
    private func files(_ word: String, in folder: String, quoted: (String) -> String) -> [CompletionMatch] {
        let end = word.lastIndex(of: "/").map { word.index(after: $0) } ?? word.startIndex
        let (named, name) = (String(word[..<end]), String(word[end...]))
        let place =
            if named.hasPrefix("/") { named } else if named.hasPrefix("~/") { home + named.dropFirst() } else {
                "\(folder)/\(named)"
            }
        let whole = Self.normalized(place)
        return Self.names(in: whole, beginningWith: name).sorted().prefix(Self.mostMatches).map { name in
            let file = whole == "/" ? "/\(name)" : "\(whole)/\(name)"
            return CompletionMatch(
                text: quoted((named.isEmpty ? "./" : named) + name),
                name: name,
                kind: Self.kind(of: file),
                path: file
            )
        }
    }

    /// A path without `/` at its end or twice, and without `.`.
    private static func normalized(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    private static func kind(of path: String) -> CompletionMatch.Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .file }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }

    /// Hidden names only for a word that begins with a dot.
    private static func names(in folder: String, beginningWith word: String) -> [String] {
        guard let entries = opendir(folder) else { return [] }
        defer { closedir(entries) }
        let word = word.lowercased()
        var names: [String] = []
        for _ in 0..<mostEntries {
            guard let entry = readdir(entries) else { break }
            let name = dirent.name(of: entry)
            guard name != ".", name != "..", name.hasPrefix(".") == word.hasPrefix(".") || word.hasPrefix(".") else {
                continue
            }
            if name.lowercased().hasPrefix(word) { names.append(name) }
        }
        return names
    }
}
