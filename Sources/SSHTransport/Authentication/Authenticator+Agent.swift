import Files
import Glibc
import Threads

extension Authenticator {
    /// Lets libssh try the agent's keys. It waits for the agent inside its call, which is therefore made on a thread of
    /// the agents' lane, the loop leaving the session alone meanwhile.
    func tryAgent(
        _ socket: String,
        _ settings: SSHSettings,
        _ history: inout AuthenticationHistory,
        on link: isolated SSHLink
    ) async throws -> AuthenticationStep {
        var offered: Set<String>?
        if settings.identitiesOnly {
            let files = settings.identityFiles
            offered = try await link.waitOffLoop(in: .files) { Set(files.compactMap(publicKeyText)) }
        }
        guard offered?.isEmpty != true, let session = link.session,
            let (bridge, library) = try AgentBridge.open(socket: socket, offering: offered, on: link.loop)
        else { return .denied }
        link.agent = bridge
        defer {
            bridge.close()
            link.agent = nil
        }
        history.tried.append("the agent's keys")
        session.setAgent(library)
        let lent = LentSession(session)
        while true {
            link.isSessionLent = true
            let step = try await link.waitOffLoop(in: .agents) { try lent.session.authenticateWithAgent() }
            link.isSessionLent = false
            if step != .again {
                history.learn(from: link)
                return step
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

/// The base64 part of the public key that goes with an identity file; blocks.
@Sendable private func publicKeyText(of identityFile: String) -> String? {
    for path in ["\(identityFile).pub", identityFile] {
        guard let text = try? FileContents.text(path) else { continue }
        let fields = text.split(whereSeparator: \.isWhitespace)
        if fields.count >= 2, decodeBase64(String(fields[1])) != nil { return String(fields[1]) }
    }
    return nil
}
