/// Lists of paths in one option, as Python's `shlex.split` cuts them.
enum ShellWords {
    /// - Returns: nil where a quote is not closed, or a backslash stands at the end.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text[...]
        while let character = characters.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if open == "\"", character == "\\", let next = characters.first, next == "\"" || next == "\\" {
                    word = (word ?? "") + String(characters.removeFirst())
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character == "\\" {
                guard let next = characters.popFirst() else { return nil }
                word = (word ?? "") + String(next)
            } else if character.isWhitespace {
                if let finished = word { words.append(finished) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        return words + [word].compactMap(\.self)
    }

    /// A path without `.`, `..` and doubled slashes, as `os.path.normpath` gives it.
    static func normalized(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return isAbsolute ? "/\(joined)" : joined.isEmpty ? "." : joined
    }
}

/// `%(name)s` and `%%` in options of `[Main]`, as ConfigParser replaces them. Commands are taken as they are written.
enum Interpolation {
    private static let mostDepth = 10

    /// - Throws: `configuration` for a `%` that begins neither, for a name that is not there, and for a circle.
    static func value(
        of option: ConfigurationFile.Option,
        in file: ConfigurationFile,
        depth: Int = 0
    ) throws(NodeSetError) -> String {
        guard option.value.contains("%") else { return option.value }
        var result = ""
        var rest = option.value[...]
        while let sign = rest.firstIndex(of: "%") {
            result += rest[..<sign]
            rest = rest[rest.index(after: sign)...]
            if rest.first == "%" {
                result += "%"
                rest.removeFirst()
                continue
            }
            guard rest.first == "(", let end = rest.firstIndex(of: ")"), rest[end...].hasPrefix(")s"),
                depth < mostDepth,
                let other = file.option(rest[..<end].dropFirst().lowercased(), in: "Main")
            else {
                throw NodeSetError(
                    .configuration,
                    "\(option.file), line \(option.line): a % stands for another option, as %(name)s; write %% for a percent."
                )
            }
            result += try value(of: other, in: file, depth: depth + 1)
            rest = rest[end...].dropFirst(2)
        }
        return result + rest
    }
}
