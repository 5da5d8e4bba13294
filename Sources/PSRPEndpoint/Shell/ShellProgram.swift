/// A POSIX shell: how it is started so that it serves lines, and what its environment must not hold.
///
/// It runs as an interactive shell without job control that reads commands from a pipe: only an interactive one goes on,
/// with its state, after an error of its own or a SIGINT.
package struct ShellProgram: Sendable, Hashable {
    /// The file to execute.
    package let path: String
    /// Its name as messages show it: `sh`.
    package let name: String
    /// What becomes the shell's guard: a program that this module is linked into, and that is started quickly; nil where
    /// that is a copy of this process.
    package var guardProgram: String?
    private let isBash: Bool
    private let isMulticall: Bool
    private let realName: String

    /// - Parameters:
    ///   - path: an absolute path.
    ///   - resolved: the same with symbolic links followed: `/bin/sh` may be bash.
    ///   - name: the name to start it by; the path's own where there is none.
    package init(path: String, resolved: String, name: String? = nil) {
        self.path = path
        let own = Self.lastComponent(path)
        let real = Self.lastComponent(resolved)
        realName = real
        isBash = real.hasPrefix("bash") || real.hasPrefix("rbash")
        isMulticall = own == "busybox" || own == "toybox"
        self.name = name ?? (isMulticall ? "sh" : own)
    }

    /// Whether `ShellScript.staying` does what it says: mksh and ksh93 go on behind an `exit` that fails.
    package var survivesExit: Bool { isBash || isMulticall || realName == "dash" || realName == "ash" }

    /// The arguments of the shell that serves, its own name first.
    package var servingArguments: [String] {
        var arguments = isMulticall ? [path, "sh"] : [name]
        if isBash { arguments += ["--norc", "--noprofile", "--noediting", "+o", "history", "+H"] }
        return arguments + ["-i", "+m", "-s"]
    }

    /// The arguments of a shell that only checks the syntax of its standard input.
    package var checkingArguments: [String] {
        var arguments = isMulticall ? [path, "sh"] : [name]
        if isBash { arguments += ["--norc", "--noprofile", "-O", "extglob"] }
        return arguments + ["-n"]
    }

    /// The arguments of a shell that waits for ever.
    package var waitingArguments: [String] { (isMulticall ? [path, "sh"] : [name]) + ["-c", "read line"] }

    /// What an interactive shell would act on by itself: start-up files, mail, an idle limit, commands at each prompt. And
    /// `_`: a shell that gets it hands it on, with a word of the command before, which may be one of the endpoint's own.
    private static let unwanted: Set<String> = [
        "BASH_ENV", "ENV", "MAIL", "MAILPATH", "PROMPT_COMMAND", "PS1", "PS2", "TMOUT", "_",
    ]

    /// - Parameter inherited: `NAME=value` strings.
    package static func environment(from inherited: [String]) -> [String] {
        inherited.filter { entry in !unwanted.contains(String(entry.prefix { $0 != "=" })) }
    }

    private static func lastComponent(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
