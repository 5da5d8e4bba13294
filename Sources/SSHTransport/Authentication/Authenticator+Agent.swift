import Connections
import EventLoops
import Files
import Glibc
import Threads

extension Authenticator {
    /// Lets libssh try the agent's keys, without those that were tried already.
    func tryAgent(
        _ socket: String,
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep {
        let tried = history.triedKeys
        guard settings.identitiesOnly else {
            return try await offer(socket, { !tried.contains($0) }, settings, &history, on: link).step
        }
        let files = settings.identityFiles
        let named = try await link.waitOffLoop(in: .files) { Set(files.compactMap(PublicHalf.text)) }.subtracting(tried)
        guard !named.isEmpty else { return .denied }
        return try await offer(socket, { named.contains($0) }, settings, &history, on: link).step
    }

    /// Lets the agent sign for a key file that cannot be used by itself: nobody is asked for its passphrase then.
    /// - Returns: nil where the agent does not have its key.
    func tryAgent(
        _ socket: String,
        for keyFile: String,
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep? {
        guard let key = try await link.waitOffLoop(in: .files, { PublicHalf.text(of: keyFile) }),
            !history.triedKeys.contains(key)
        else { return nil }
        let (step, offered) = try await offer(socket, { $0 == key }, settings, &history, on: link)
        return offered > 0 ? step : nil
    }

    /// - Throws: TransportError where there is no descriptor for the way to the agent: what fails then is not the login.
    private func bridge(
        to socket: String,
        _ mayOffer: @escaping (String) -> Bool,
        on link: isolated SSHLink
    ) throws -> (bridge: AgentBridge, library: FileDescriptor)? {
        do {
            return try AgentBridge.open(socket: socket, offering: mayOffer, on: link.loop)
        } catch let failure as NoDescriptor {
            throw TransportError.noDescriptor(failure)
        } catch let failure as WatchFailure {
            throw SSHFailure(failure)
        }
    }

    /// libssh waits for the agent inside its call, which is therefore made on a thread of the agents' lane, the loop leaving
    /// the session alone meanwhile.
    private func offer(
        _ socket: String,
        _ isWanted: @escaping (String) -> Bool,
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> (step: AuthenticationStep, offered: Int) {
        var excluded: [String] = []
        let mayOffer = { (key: String) in
            guard isWanted(key) else { return false }
            guard let type = settings.excludedType(ofKey: key) else { return true }
            excluded.append(type)
            return false
        }
        defer { for type in excluded { history.note(excluded: "a key of the agent", type: type) } }
        let user = settings.user
        guard let session = link.session, let (bridge, library) = try bridge(to: socket, mayOffer, on: link) else {
            return (.denied, 0)
        }
        link.agent = bridge
        defer {
            bridge.close()
            link.agent = nil
            link.ownWait = nil
        }
        session.setAgent(library)
        let lent = LentSession(session)
        while true {
            link.isSessionLent = true
            link.ownWait = "the agent (\(socket))"
            let step = try await link.waitOffLoop(in: .agents) { try lent.session.authenticateWithAgent(as: user) }
            link.isSessionLent = false
            link.ownWait = nil
            if step != .again {
                if !bridge.offered.isEmpty { history.note("the agent's keys") }
                history.triedKeys.formUnion(bridge.offered)
                history.learn(from: link)
                return (step, bridge.offered.count)
            }
            try await link.waitForSocket()
        }
    }
}

/// A session on its way to another thread and back.
private struct LentSession: @unchecked Sendable {
    let session: SSHSessionHandle

    init(_ session: SSHSessionHandle) {
        self.session = session
    }
}
