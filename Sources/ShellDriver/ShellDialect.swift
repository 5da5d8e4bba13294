/// Which shell is driven, as far as it must be driven in another way. It says so itself in its greeting.
package enum ShellDialect: Sendable, Hashable {
    /// dash, busybox's ash, and what behaves as POSIX says.
    case plain
    case bash
    case ksh93
    /// `command eval` loses what `set --` sets in it, and an error ends it all the same (mksh 59c).
    case mksh

    /// - Parameters:
    ///   - bash: the shell's own BASH_VERSION, empty for none.
    ///   - korn: its KSH_VERSION.
    init(bash: String, korn: String) {
        if !bash.isEmpty {
            self = .bash
        } else if korn.contains("MIRBSD") {
            self = .mksh
        } else {
            self = korn.isEmpty ? .plain : .ksh93
        }
    }

    /// What stands before a special built-in utility, so that its error does not end the shell.
    var guardedWord: String { self == .mksh ? "\\" : "\\command " }

    /// Words behind the program that only looks at a text; patterns that an interactive bash may be told to take are taken.
    var checkingOptions: String { self == .bash ? "-O extglob -n" : "-n" }

    /// Writes a text as it is, backslashes included. mksh has no `printf` of its own, and the others' `echo` reads
    /// backslashes.
    func say(_ word: String) -> String {
        self == .mksh ? "\\print -r -- \(word)" : "\\command printf '%s\\n' \(word)"
    }
}

// MARK: What a person should not see
extension ShellDialect {
    /// Switches `set -x` on again, which a mark switches off, and restores `$?`. mksh keeps writing its trace to where
    /// stderr went when it was switched on.
    func tracing(_ status: Int32) -> String {
        guard self == .mksh else { return "{ set -x; (exit \(status)) && :; } 2>/dev/null" }
        return status == 0 ? "set -x" : "set -x; (exit \(status)) && :"
    }

    /// A line of stderr without what names the driver's own commands; nil for their trace (`set -x`), which mksh and ksh93
    /// write in spite of their redirection.
    ///
    /// - Parameter shell: the name by which the shell calls itself.
    func cleaned(_ line: [UInt8], shell: String) -> [UInt8]? {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("+ "), text.contains("_psrun_") || Self.traces.contains(text) { return nil }
        // mksh puts `E: ` before it, and ksh93 the number of the line that it reads behind it.
        let name = text.hasPrefix("E: ") ? "E: \(shell)" : shell
        guard text.hasPrefix(name) else { return line }
        let place = text.dropFirst(name.count).drop { "[]0123456789".contains($0) }
        guard place.hasPrefix(": ") else { return line }
        for own in [".: /dev/fd/7", "/dev/fd/7", "eval"] {
            guard let found = place.firstRange(of: own), Self.isPlace(place[..<found.lowerBound].dropFirst(2)) else {
                continue
            }
            let rest = place[found.upperBound...].drop { "[]0123456789".contains($0) }
            guard rest.hasPrefix(": ") else { continue }
            return Array((name + place[..<found.lowerBound] + rest.dropFirst(2)).utf8)
        }
        return line
    }

    private static let traces: Set<String> = ["+ set +xv", "+ 2>/dev/null ", "+ 2> /dev/null", "+ 1>&8 ", "+ 1>&9 "]

    /// Nothing, or a line's number: `1: `.
    private static func isPlace(_ text: Substring) -> Bool {
        text.isEmpty || text.hasSuffix(": ") && text.dropLast(2).allSatisfy(\.isNumber)
    }
}

/// What the far side says of itself before the first line.
package struct ShellGreeting: Sendable, Hashable {
    package internal(set) var dialect = ShellDialect.plain
    /// The process that is driven, which leads its session.
    package internal(set) var process: Int32 = 0
    package internal(set) var user = ""
    package internal(set) var isPrivileged = false
    package internal(set) var computer = ""
    package internal(set) var operatingSystem = ""
    package internal(set) var workingDirectory = ""
}
