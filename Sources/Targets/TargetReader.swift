package import Files
package import Fleet
package import PSRunCommandLine
import PipeTransport

/// Turns what the command line selects into the targets of a run.
package enum TargetReader {
    /// - Parameters:
    ///   - playFolder: of the playbook; an inventory's variables may lie there.
    ///   - warn: told what a user should know of inventories.
    /// - Throws: CommandFailure, usage.
    package static func targets(
        of selection: TargetSelection,
        _ patience: ReadingPatience,
        playFolder: String = ".",
        environment: [String: String] = [:],
        warn: (String) -> Void = { _ in }
    ) throws(CommandFailure) -> [RunTarget] {
        let (hosts, choices): (HostSelection, SSHChoices)
        switch selection {
        case .local: return [.local]
        case .process(.id(let id)): return [RunTarget(.process(id))]
        case .process(.pipe(let name)): return [RunTarget(PipePlace(nameOrPath: name))]
        case .ssh(let given, let shared): (hosts, choices) = (given, shared)
        }
        try check(configFile: choices.configFile)
        var selector = TargetSelector(choices, patience, playFolder: playFolder, environment: environment)
        let targets = try selector.targets(of: hosts)
        for warning in selector.warnings { warn(warning) }
        return targets.map(\.target)
    }

    private static func check(configFile: String?) throws(CommandFailure) {
        guard let given = configFile, given != "none" else { return }
        let path = HomeFolders.expandTildeWherePossible(given)
        do throws(FileFailure) {
            // It is read again when it is needed, which a pipe cannot be.
            _ = try FileContents.read(path, limit: FileContents.textBytes, kind: .regular)
        } catch {
            throw CommandFailure(.usage, "--ssh-config \(path) cannot be read: \(error.reason).")
        }
    }
}
