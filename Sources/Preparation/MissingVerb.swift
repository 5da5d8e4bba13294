import Glibc
import PSRunCommandLine

/// A word that is neither a verb nor a file: most likely a verb of another program.
struct MissingVerb {
    let message: String

    /// - Parameter path: what was taken for a playbook; nil comes of one that is there, or looks like a path.
    init?(_ path: String) {
        guard path.allSatisfy({ $0.isASCII && $0.isLetter }), access(path, F_OK) != 0 else { return nil }
        let meant = Self.synonyms[path] ?? nearest(to: path, in: Verb.allCases.map(\.rawValue))
        let hint = meant.map { " Did you mean `psrun \($0)`?" } ?? " `psrun help` lists psrun's verbs and options."
        message = "There is no file \(path) to run as a playbook, and psrun has no verb of that name.\(hint)"
    }

    private static let synonyms = [
        "ls": "list", "status": "list", "history": "list", "runs": "list", "cat": "show", "info": "show",
        "log": "show", "logs": "show", "play": "replay", "tail": "follow", "watch": "follow", "grep": "search",
        "find": "search", "rm": "prune", "delete": "prune", "check": "verify", "exec": "run", "ps": "list",
        "continue": "resume", "retry": "rerun", "repeat": "rerun",
    ]
}
