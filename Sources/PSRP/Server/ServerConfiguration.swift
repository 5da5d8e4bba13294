package import CLIXML

/// What a server's session is made of.
package struct ServerConfiguration: Sendable {
    /// The newest version to speak; a client's older one is echoed.
    package var protocolVersion: PSVersionNumber
    package var limits: SessionLimits

    package init(
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4),
        limits: SessionLimits = SessionLimits()
    ) {
        self.protocolVersion = protocolVersion
        self.limits = limits
    }
}
