package import CLIXML

/// What a server's session is made of.
package struct ServerConfiguration: Sendable {
    /// The newest version to speak; a client's older one is echoed.
    package var protocolVersion: PSVersionNumber
    package var limits: SessionLimits
    /// The most bytes of one fragment, header included: real servers' own size, in any carriage.
    package var largestFragment = CarriageTraits.outOfProcess.largestFragment

    package init(
        protocolVersion: PSVersionNumber = PSVersionNumber(2, 4),
        limits: SessionLimits = .ofServer
    ) {
        self.protocolVersion = protocolVersion
        self.limits = limits
    }
}
