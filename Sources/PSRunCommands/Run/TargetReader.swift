import Files
import Fleet
import Glibc
import PSRunCommandLine
import SSHTransport

/// Turns what the command line selects into the targets of a run.
enum TargetReader {
    static func targets(
        of selection: TargetSelection,
        _ patience: ReadingPatience
    ) throws(CommandFailure) -> [RunTarget] {
        guard case .ssh(let sources, let choices) = selection else { return [.local] }
        try check(configFile: choices.configFile)
        let account = UserAccount(geteuid())?.name ?? ""
        var targets: [RunTarget] = []
        for source in sources {
            let hosts: [HostName] =
                switch source {
                case .host(let host): [host]
                case .standardInput: try list("/dev/stdin", named: "standard input", patience)
                case .file(let path): try list(HomeFolders.expandTildeWherePossible(path), named: path, patience)
                }
            targets += hosts.map { RunTarget($0, choices, account: account) }
        }
        guard !targets.isEmpty else {
            throw CommandFailure(.usage, "The list of hosts is empty; write one [user@]host[:port] per line.")
        }
        return targets
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

    private static func list(
        _ path: String,
        named name: String,
        _ patience: ReadingPatience
    ) throws(CommandFailure) -> [HostName] {
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try FileContents.read(path, limit: FileContents.textBytes, patience: patience)
        } catch {
            throw CommandFailure(error.exitCode, "The hosts of \(name) cannot be read: \(error.reason).")
        }
        do throws(UsageError) {
            return try HostSource.parseList(bytes, from: name)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }

}

extension RunTarget {
    /// - Parameter account: psrun's own, which a prompt does not name.
    fileprivate init(_ host: HostName, _ choices: SSHChoices, account: String) {
        var whole = host
        whole.user = host.user ?? choices.userName
        whole.port = host.port ?? choices.port
        let name = whole.description
        self.init(
            .ssh(SSHTarget(displayName: name, host: whole.givenAddress, port: whole.port, user: whole.user)),
            name: name,
            label: host.sessionLabel(userName: choices.userName, localAccount: account),
            computerName: host.host
        )
    }
}
