package import CLIXML

/// What a client tells of itself when it opens a session. One is made for all sessions of a run.
package struct ClientConfiguration: Sendable {
    package let host: HostDescription
    /// The newest version to announce: 2.4, with the fall-back that the server's answer asks for.
    package let protocolVersion: PSVersionNumber
    package let limits: SessionLimits
    /// What opens the pool, encoded once: it is the same for every target.
    let opening: [OutgoingMessage]

    package init(
        host: HostDescription = HostDescription(),
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4),
        limits: SessionLimits = SessionLimits.ofClient,
        isKept: Bool = false,
        arguments: [(name: String, value: String)] = []
    ) {
        self.host = host
        self.protocolVersion = protocolVersion
        self.limits = limits
        opening = [
            OutgoingMessage(.sessionCapability, SessionCapability(protocolVersion: protocolVersion).value),
            OutgoingMessage(
                .initRunspacePool,
                InitRunspacePool.value(host: host, isKept: isKept, arguments: arguments)
            ),
        ]
    }
}
