package import CLIXML

/// What a client tells of itself when it opens a session.
package struct ClientConfiguration: Sendable {
    package var host: HostDescription
    /// The newest version to announce: 2.4, with the fall-back that the server's answer asks for.
    package var protocolVersion: PSVersionNumber
    package var limits: SessionLimits

    package init(
        host: HostDescription = HostDescription(),
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4),
        limits: SessionLimits = SessionLimits()
    ) {
        self.host = host
        self.protocolVersion = protocolVersion
        self.limits = limits
    }
}
