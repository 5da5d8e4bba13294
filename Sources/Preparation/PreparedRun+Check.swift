import Connections
import EventLoops
import Files
import Fleet
import Glibc
package import PSRunCommandLine
import SSHTransport
import Targets

extension PreparedRun {
    /// Key files may lie on a disk that does not answer.
    private static let patience = Duration.seconds(60)

    /// Finds what is wrong on this side with the way to the targets, before anything connects.
    /// - Parameter remark: told of what ssh_config asks for in vain.
    /// - Throws: CommandFailure, usage.
    package func checkWayIn(remark: @escaping @Sendable (String) -> Void) async throws(CommandFailure) {
        if case .local = invocation.targets, FilePaths.workingFolder == nil {
            // The lines are meant for that folder, and would run in the home folder.
            throw .noWorkingFolder
        }
        guard case .ssh(_, let choices) = invocation.targets else { return }
        var options = choices.forTransport
        let (known, ofKeys) = (passphrase, kinds.compactMap(\.passphrase))
        let folder = environment["CREDENTIALS_DIRECTORY"]
        options.credentials = CredentialSource.once { need in
            guard case .passphrase(let key) = need else { return nil }
            let loaded = folder.flatMap { try? FileContents.secret("\($0)/psrun.passphrase", isGuarded: true) }
            return (ofKeys.first { $0.key == key }?.text ?? known ?? loaded).map { Secret($0) }
        }
        let places = targets.compactMap(\.ssh)
        let limit = invocation.limits.run.map { $0 - clock.reading.elapsed } ?? Self.patience
        if let failure = await Self.failure(of: SSHEnvironment(options: options, warn: remark), places, within: limit) {
            throw failure
        }
    }

    /// What is wrong; given up, the look runs on by itself.
    private static func failure(
        of way: SSHEnvironment,
        _ targets: [SSHTarget],
        within limit: Duration
    ) async -> CommandFailure? {
        let hasPerson = isatty(STDIN_FILENO) != 0
        let found = Promise<CommandFailure?>()
        Task {
            do {
                try await way.check(targets, hasPerson: hasPerson)
                found.succeed(nil)
            } catch {
                found.succeed((error as? TransportError).map { CommandFailure(.usage, $0.message) })
            }
        }
        let timer = Task {
            try await Task.sleep(for: max(limit, .zero))
            found.succeed(CommandFailure(.timedOut, "ssh_config and the key file were not read in time."))
        }
        defer { timer.cancel() }
        return try? await found.value()
    }
}
