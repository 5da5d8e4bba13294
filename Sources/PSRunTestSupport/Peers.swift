/// The Python peers in Tests/Peers.
package enum Peers {
    package static let folder = "\(PackageRoot.path)/Tests/Peers"
    /// The interpreter with psrpcore and pypsrp, made by Tests/Peers/setup.sh.
    package static let python = "\(PackageRoot.path)/.venv/bin/python"

    /// The command that starts one of them.
    package static func command(_ script: String, _ arguments: [String] = []) -> [String] {
        [python, "\(folder)/\(script)"] + arguments
    }
}

extension TemporaryFolder {
    /// An executable that starts a command with its arguments: for places that take one path, as a subsystem or
    /// `PSRUN_LOCAL_ENDPOINT` do.
    package func wrapper(for command: [String], named name: String = "server") throws -> String {
        let words = command.map { word in
            "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        return try write("#!/bin/sh\nexec \(words.joined(separator: " "))\n", to: name, mode: 0o755)
    }
}
