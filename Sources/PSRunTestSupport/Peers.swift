import Files

/// The Python peers in Tests/Peers.
package enum Peers {
    package static let folder = "\(PackageRoot.path)/Tests/Peers"
    /// The interpreter with psrpcore and pypsrp, made by Tests/Peers/setup.sh.
    package static let python = "\(PackageRoot.path)/.venv/bin/python"

    /// The command that starts one of them.
    package static func command(_ script: String, _ arguments: [String] = []) -> [String] {
        [python, "\(folder)/\(script)"] + arguments
    }

    /// That interpreter's packages, for PYTHONPATH of Debian's own Python, which has libraries of Debian's besides.
    package static func packages() throws -> String {
        let library = "\(PackageRoot.path)/.venv/lib"
        let version = try FilePaths.names(in: library).first { $0.hasPrefix("python3") } ?? ""
        return "\(library)/\(version)/site-packages"
    }
}

extension TemporaryFolder {
    /// An executable that starts a command with its arguments: for places that take one path, as a subsystem does.
    package func wrapper(for command: [String], named name: String = "server") throws -> String {
        try write("#!/bin/sh\nexec \(Self.shellWords(command))\n", to: name, mode: 0o755)
    }

    /// A search path whose `pwsh` is that command; started otherwise than as a server it only complains.
    package func searchPath(withPwsh command: [String]) throws -> String {
        let folder = try makeFolder("pwsh-bin")
        let script =
            "#!/bin/sh\n[ \"$*\" = \"-s -NoLogo -NoProfile -WorkingDirectory $(pwd -P)\" ] || { echo \"pwsh: $*\" >&2; exit 64; }\n"
            + "exec \(Self.shellWords(command))\n"
        try write(script, to: "pwsh-bin/pwsh", mode: 0o755)
        return folder + (ChildProgram.environment()["PATH"].map { ":" + $0 } ?? "")
    }

    private static func shellWords(_ words: [String]) -> String {
        words
            .map { "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'" }
            .joined(separator: " ")
    }
}
