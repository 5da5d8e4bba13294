package import PSRP
package import PSRPTransports
package import Playbooks
package import Sessions

/// One target's part of a run.
package struct TargetPlan: Sendable {
    package var transport: any SessionTransport
    package var playbook: Playbook
    package var options: SessionOptions
    package var client: ClientConfiguration
    package var cryptography: (any SessionKeyCryptography)?
    /// From the first system call to an opened pool; nil for no bound.
    package var connectingTimeout: Duration?
    /// Whether the observer is told of each element and message.
    package var tracesProtocol: Bool

    package init(
        transport: any SessionTransport,
        playbook: Playbook,
        options: SessionOptions,
        client: ClientConfiguration = ClientConfiguration(),
        cryptography: (any SessionKeyCryptography)? = nil,
        connectingTimeout: Duration? = nil,
        tracesProtocol: Bool = false
    ) {
        self.transport = transport
        self.playbook = playbook
        self.options = options
        self.client = client
        self.cryptography = cryptography
        self.connectingTimeout = connectingTimeout
        self.tracesProtocol = tracesProtocol
    }
}
