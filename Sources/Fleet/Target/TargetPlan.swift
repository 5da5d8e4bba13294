package import Connections
package import PSRP
package import Playbooks
package import Sessions

/// One target's part of a run.
package struct TargetPlan: Sendable {
    package var transport: any SessionTransport
    package var playbook: Playbook
    package var options: SessionOptions
    package var client: ClientConfiguration
    package var cryptography: (any ClientKeyCryptography)?
    /// From the first system call to an opened pool; nil for no bound.
    package var connectingTimeout: Duration?
    /// What a user calls that bound.
    package var connectingTimeoutName: String
    /// What tells the observer of each element and message, where that is wanted.
    package var trace: ProtocolTrace?

    package init(
        transport: any SessionTransport,
        playbook: Playbook,
        options: SessionOptions,
        client: ClientConfiguration = ClientConfiguration(),
        cryptography: (any ClientKeyCryptography)? = nil,
        connectingTimeout: Duration? = nil,
        connectingTimeoutName: String = ConnectingDeadline.parameter,
        trace: ProtocolTrace? = nil
    ) {
        self.transport = transport
        self.playbook = playbook
        self.options = options
        self.client = client
        self.cryptography = cryptography
        self.connectingTimeout = connectingTimeout
        self.connectingTimeoutName = connectingTimeoutName
        self.trace = trace
    }

    /// When its session must be open, counted from now on.
    func deadline(on clock: RunClock) -> ConnectingDeadline? {
        connectingTimeout.map { ConnectingDeadline($0, on: clock, name: connectingTimeoutName) }
    }
}
