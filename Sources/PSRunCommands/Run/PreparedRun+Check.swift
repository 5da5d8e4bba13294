import Connections
import Files
import Fleet
import Glibc
import PSRunCommandLine
import SSHTransport

extension PreparedRun {
    /// Finds what is wrong on this side with the way to the targets, before anything connects.
    /// - Parameter remark: told of what ssh_config asks for in vain.
    /// - Throws: CommandFailure, usage.
    func checkWayIn(remark: @escaping @Sendable (String) -> Void) async throws(CommandFailure) {
        guard case .ssh(_, let choices) = invocation.targets else { return }
        var options = choices.forTransport
        let known = secretFiles.known.passphrase
        let folder = environment["CREDENTIALS_DIRECTORY"]
        options.credentials = CredentialSource.once { need in
            guard case .passphrase = need else { return nil }
            let loaded = folder.flatMap { try? FileContents.secret("\($0)/psrun.passphrase", isGuarded: true) }
            return (known ?? loaded).map { Secret($0) }
        }
        let places = targets.compactMap { target in
            if case .ssh(let place) = target.place { place } else { nil as SSHTarget? }
        }
        let failure: TransportError?
        do {
            let way = SSHEnvironment(options: options, warn: remark)
            try await way.check(places, hasPerson: isatty(STDIN_FILENO) != 0)
            failure = nil
        } catch {
            failure = error as? TransportError
        }
        if let failure { throw CommandFailure(.usage, failure.message) }
    }
}
