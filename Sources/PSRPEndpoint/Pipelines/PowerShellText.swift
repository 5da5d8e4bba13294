/// What gives away that a text was meant for PowerShell.
enum PowerShellText {
    /// Whether a text begins with a script's parameters, blank lines, comments and attributes aside. `param()` is the
    /// beginning of a shell's function.
    static func isParameterBlock(_ text: String) -> Bool {
        var rest = text.utf8[...]
        while let byte = rest.first {
            if isBlank(byte) {
                rest.removeFirst()
            } else if byte == UInt8(ascii: "#") {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else {
                break
            }
        }
        let words = String(Substring(rest.prefix(64))).lowercased().filter { $0 != " " && $0 != "\n" && $0 != "\r" }
        return words.hasPrefix("[cmdletbinding(") || words.hasPrefix("param($") || words.hasPrefix("param([")
    }

    /// Whether a text reads `$args` without having set it, or hands `@args` over.
    static func asksForArgs(_ text: String) -> Bool {
        let text = text.lowercased()
        guard !text.utf8.holds("args=".utf8) else { return false }
        return text.utf8.holds("${args}".utf8) || ["$args", "@args"].contains { names($0, in: text) }
    }

    /// Whether a variable's name stands somewhere, and no longer one.
    private static func names(_ variable: String, in text: String) -> Bool {
        var rest = text.utf8[...]
        while let found = rest.place(of: variable.utf8) {
            rest = rest[found.upperBound...]
            guard let next = rest.first, isNameByte(next) else { return true }
        }
        return false
    }

    /// Whether a name that a shell does not know is one of PowerShell's: a cmdlet's (`Get-Item`), a keyword or alias that
    /// is no program's name, or what is left of `$x = 5` where `$x` is nothing.
    static func isForeign(_ name: String) -> Bool {
        if name.hasPrefix("=") || name.hasPrefix("$") { return true }
        let name = name.lowercased()
        if words.contains(name) { return true }
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 2 && verbs.contains(String(parts[0])) && !parts[1].isEmpty
            && parts[1].utf8.allSatisfy(isNameByte)
    }

    private static let words: Set<String> = [
        "where", "foreach", "try", "catch", "finally", "switch", "param", "throw", "process", "elseif", "gci", "gcm",
        "gm", "icm", "iex", "irm", "iwr", "sls", "ft", "fl", "%", "?",
    ]

    /// The approved verbs that administrators' scripts use.
    private static let verbs: Set<String> = [
        "add", "clear", "close", "compare", "complete", "compress", "convert", "convertfrom", "convertto", "copy",
        "debug", "disable", "disconnect", "dismount", "enable", "enter", "exit", "expand", "export", "find", "format",
        "foreach", "get", "grant", "group", "import", "initialize", "install", "invoke", "join", "limit", "lock",
        "measure", "mount", "move", "new", "open", "out", "ping", "pop", "publish", "push", "read", "receive",
        "register", "remove", "rename", "repair", "request", "reset", "resize", "resolve", "restart", "restore",
        "resume", "revoke", "save", "search", "select", "send", "set", "show", "sort", "split", "start", "step", "stop",
        "submit", "suspend", "switch", "sync", "tee", "test", "trace", "unblock", "undo", "uninstall", "unlock",
        "unprotect", "unpublish", "unregister", "update", "use", "wait", "watch", "where", "write",
    ]

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

// MARK: Hints
extension PowerShellText {
    /// What to tell a person beside the shell's own message that it knows no such command; nil where the name is not
    /// PowerShell's.
    /// - Parameters:
    ///   - line: one line of the shell's stderr: `sh: 1: Get-Item: not found`, `bash: line 1: x: command not found`.
    ///   - text: what ran.
    static func hint(at line: String, of text: String, shell: String) -> String? {
        guard let name = unknownName(line) else { return nil }
        let isLiteral = text.first { !$0.isWhitespace }.map { "'\"@[".contains($0) } ?? false
        guard isForeign(name) || isLiteral else { return nil }
        return
            "psrun endpoint: this is a POSIX shell (\(shell)), which knows no PowerShell. Use the programs of this host."
    }

    private static func unknownName(_ line: String) -> String? {
        for ending in [": command not found", ": not found", ": inaccessible or not found"] where line.hasSuffix(ending)
        {
            var rest = line.dropLast(ending.count)[...]
            var name: String?
            while let colon = rest.place(of: ": ") {
                rest = rest[colon.upperBound...]
                name = String(rest)
            }
            return name
        }
        return nil
    }
}
