import Glibc
import PSRunTestSupport

@testable import ContainerTransport

/// A program that answers as an engine does, of containers that are this computer.
struct StandInEngine {
    /// An id, a name and a state.
    struct Container {
        let id: String
        let name: String
        let state: String

        init(_ digit: Character, _ name: String, _ state: String = "running") {
            id = String(repeating: digit, count: 64)
            self.name = name
            self.state = state
        }
    }

    /// What of it never answers.
    enum Silence: String {
        case nothing, inspect, exec
    }

    private let folder: TemporaryFolder
    /// For PATH.
    var path: String { folder.path }
    /// What it was called with, a line a call.
    var calls: String { get throws { try text(of: folder.path(of: "calls")) } }

    /// - Parameters:
    ///   - programs: what there is in the containers' PATH beside the system's: a name, and text for a shell.
    ///   - refusal: what it says in place of any answer.
    ///   - warning: what it says besides.
    ///   - leads: whether what it starts leads a session, as under runc; not so under crun.
    init(
        _ containers: [Container],
        through kinds: [ContainerEngine.Kind] = [.podman],
        programs: [String: String] = [:],
        silent: Silence = .nothing,
        refusal: String? = nil,
        warning: String? = nil,
        leads: Bool = true
    ) throws {
        folder = try TemporaryFolder()
        let bin = try folder.makeFolder("inside")
        for (name, text) in programs { try Self.program(text, at: folder, "inside/\(name)") }
        let list = containers.map { "echo \($0.id) \($0.name)" }.joined(separator: "\n")
        let answers = containers.map { "\($0.id)|\($0.name)) printf '%s\\n' \($0.id) /\($0.name) \($0.state); exit;;" }
        // As engines do: the beginning of an id is taken, where there is only one such.
        let beginnings = containers.filter { one in
            containers.count { $0.id.prefix(1) == one.id.prefix(1) } == 1
        }.map { "\($0.id.prefix(1))*) printf '%s\\n' \($0.id) \($0.name) \($0.state); exit;;" }
        let inner = #"/bin/sh -c 'exec 4<&0; "$@" <&4 4<&- & wait $!' sh"#
        let script = """
            echo "$@" | head -n 1 >>\(folder.path)/calls
            \(refusal.map { "echo '\($0)' >&2; exit 1" } ?? "")
            case $1 in
            inspect) \(silent == .inspect ? "exec sleep 60" : "")
            shift 6; case $1 in
            \((answers + beginnings).joined(separator: "\n"))
            esac
            echo "no such container" >&2; exit 125;;
            ps) \(list.isEmpty ? ":" : list);;
            exec) \(silent == .exec ? "exec sleep 60" : "")
            shift 2; [ "$1" = --user ] && shift 2; shift; PATH=\(bin):$PATH
            \(warning.map { "echo '\($0)' >&2" } ?? "")
            trap 'exit 0' USR1
            exec 3<&0; setsid \(leads ? "" : inner) "$@" <&3 3<&- & wait $!;;
            esac
            """
        for kind in kinds { try Self.program(script, at: folder, kind.rawValue) }
    }

    private static func program(_ text: String, at folder: TemporaryFolder, _ name: String) throws {
        let path = try folder.write("#!/bin/sh\n" + text + "\n", to: name)
        chmod(path, 0o755)
    }
}
