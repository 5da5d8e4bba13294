/// How a host's old keys are taken out of known_hosts files: by name, since line numbers change with each cure.
enum KnownHostsCure {
    /// - Parameters:
    ///   - lines: those that have other keys for the host.
    ///   - name: as known_hosts has it.
    static func sentences(for lines: [KnownHostsLine], name: String) -> String {
        var files: [String] = []
        for line in lines where !files.contains(line.file) { files.append(line.file) }
        return files.map { file in sentence(file, lines.filter { $0.file == file }, name) }.joined(separator: " ")
    }

    /// `ssh-keygen -R` removes whole lines, also those whose pattern fits the name, and none that revokes.
    private static func sentence(_ file: String, _ lines: [KnownHostsLine], _ name: String) -> String {
        let patterns = lines.filter { if case .patterns = $0.names { true } else { false } }
        guard let pattern = patterns.first else {
            let others = lines.flatMap(\.nameTexts).filter { $0 != name }
            let also = others.isEmpty ? "" : " (which is about \(listed(others)) as well)"
            return "`ssh-keygen -f \(quoted(file)) -R \(quoted(name))`\(also)."
        }
        return
            "in \(file), the line of \(listed(pattern.nameTexts)) is about other hosts as well, and `ssh-keygen -R` would "
            + "remove it: write `!\(name),` in front of its names."
    }

    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(5).map { String($0.prefix(80)) }.joined(separator: ",")
        return names.count > 5 ? "\(shown),…" : shown
    }

    /// A word as a shell takes it.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            byte < 0x80 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "/._-:@%+,".utf8.contains(byte)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
