import Files

/// A program that runs containers, by its command line.
package struct ContainerEngine: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case docker, podman, nerdctl
    }

    let kind: Kind
    /// The program's path.
    let program: String

    /// Those that PATH has, in the order of their names here.
    /// - Parameters:
    ///   - wanted: the one that is meant; nil for any.
    ///   - path: folders with colons between.
    static func found(_ wanted: Kind?, in path: String) -> [ContainerEngine] {
        Kind.allCases.filter { wanted == nil || $0 == wanted }.compactMap { kind in
            ProgramSearch.find(kind.rawValue, in: path).map { ContainerEngine(kind: kind, program: $0) }
        }
    }

    /// One container: its id, its name and its state, a line each.
    static func inspection(of name: String) -> [String] {
        ["inspect", "--type", "container", "--format", "{{.Id}}\n{{.Name}}\n{{.State.Status}}", "--", name]
    }

    /// All containers, running or not: id and names, a line each.
    static let list = ["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}}"]

    /// A program in a container, on three pipes; never with a terminal.
    /// - Parameters:
    ///   - id: the whole one.
    ///   - user: nil for the container's own.
    static func execution(in id: String, as user: String?, _ command: [String]) -> [String] {
        ["exec", "--interactive"] + (user.map { ["--user", $0] } ?? []) + [id] + command
    }
}
