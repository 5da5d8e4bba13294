package import EventLoops
package import PSRP

/// Why a connection could not be made or kept.
package struct TransportError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        case timedOut = "ConnectingTimeout"
        case nameNotResolved = "NameNotResolved"
        case connectionFailed = "ConnectionFailed"
        case protocolError = "SSHProtocolError"
        case hostKeyUnknown = "HostKeyUnknown"
        case hostKeyChanged = "HostKeyChanged"
        case hostKeyRevoked = "HostKeyRevoked"
        case authenticationFailed = "AuthenticationFailed"
        case keyFileUnusable = "KeyFileUnusable"
        case subsystemMissing = "SubsystemMissing"
        case connectionLost = "ConnectionLost"
        case processFailed = "ProcessFailed"
        case configuration = "SSHConfiguration"
    }

    package let code: Code
    /// The phase it happened in; nil once the subsystem runs.
    package let phase: ConnectionPhase?
    /// What was being done, what happened, and the way out: whole sentences for a person, without secrets.
    package let message: String

    package init(_ code: Code, phase: ConnectionPhase?, _ message: String) {
        self.code = code
        self.phase = phase
        self.message = message
    }
}

extension TransportError {
    package static func noDescriptor(_ failure: NoDescriptor) -> TransportError {
        TransportError(
            .processFailed,
            phase: nil,
            "no descriptor for a new connection: \(failure.reason). A lower fan-out or a higher `ulimit -n` helps."
        )
    }
}
