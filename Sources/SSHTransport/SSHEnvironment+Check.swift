import Connections
import EventLoops
import Files
import Threads

extension SSHEnvironment {
    /// Finds what is wrong on this side before anything connects: ssh_config and -Options, for each target, and the key file
    /// that was named.
    /// - Parameter hasPerson: whether there is somebody who could type a passphrase.
    /// - Throws: TransportError, configuration or keyFileUnusable.
    package func check(_ targets: [SSHTarget], hasPerson: Bool) async throws {
        var first: SSHSettings?
        for target in targets {
            let settings = try await settings(for: target, jumpHosts: options.applied(to: target).jumpHosts)
            first = first ?? settings
        }
        guard options.keyFile != nil, let settings = first, let path = settings.identityFiles.first else { return }
        do {
            let contents = try await keys.contents(of: path, certificates: settings.certificateFiles)
            guard case .locked = contents, try await !agentHas(path, settings) else { return }
            if hasPerson && settings.mayAskForSecrets { return }
            let attempts = settings.passwordPrompts
            _ = try await keys.unlock(
                path,
                certificates: settings.certificateFiles,
                attempts: attempts,
                mayAsk: false
            )
        } catch let error as TransportError where error.code == .keyFileUnusable {
            // The public half may be all that there is, where an agent has the other.
            guard try await offLoop(in: .files, { !FileContents.exists(path) }), try await agentHas(path, settings)
            else {
                throw error
            }
        }
    }

    private func agentHas(_ keyFile: String, _ settings: SSHSettings) async throws -> Bool {
        guard let socket = settings.agentSocket else { return false }
        return try await offLoop(in: .agents) {
            PublicHalf.text(of: keyFile).map(AgentKeys.list(socket: socket).contains) ?? false
        }
    }
}
