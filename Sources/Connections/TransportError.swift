package import Files
package import Processes
import SystemErrors

/// Why a connection could not be made or kept.
package struct TransportError: Error, Sendable, Hashable {
    /// What kind of failure it is. Each way in adds the kinds of its own in its module.
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// As the machine-readable result has it.
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }
    }

    package let code: Code
    /// The phase it happened in; nil once the subsystem runs.
    package let phase: ConnectionPhase?
    /// What was being done, what happened, and the way out: whole sentences for a person, without secrets.
    package let message: String
    /// How a server turned the connection away before it named itself, so that no session was reached; nil where it did not.
    package var turnedAway: TurnedAway?

    package enum TurnedAway: Sendable, Hashable {
        /// It said that too many wait for a login (OpenSSH: `Exceeded MaxStartups`).
        case tooMany
        /// It closed the connection, and said nothing.
        case silently
    }

    package init(_ code: Code, phase: ConnectionPhase?, _ message: String) {
        self.code = code
        self.phase = phase
        self.message = message
    }
}

/// What can go wrong whatever the way in.
extension TransportError.Code {
    /// The time allowed for connecting ran out.
    package static let timedOut = Self(rawValue: "ConnectingTimeout")
    package static let nameNotResolved = Self(rawValue: "NameNotResolved")
    package static let connectionFailed = Self(rawValue: "ConnectionFailed")
    /// The connection broke after it was made.
    package static let connectionLost = Self(rawValue: "ConnectionLost")
    package static let authenticationFailed = Self(rawValue: "AuthenticationFailed")
    /// A process that is, or carries, the connection could not be started.
    package static let processFailed = Self(rawValue: "ProcessFailed")
}

extension TransportError {
    /// The message, where the target that it may begin with is told already.
    package func words(without target: String) -> String {
        let lead = "\(target): "
        return message.hasPrefix(lead) ? String(message.dropFirst(lead.count)) : message
    }

    /// The same, of the last of so many attempts.
    package func tried(_ attempts: Int) -> TransportError {
        TransportError(code, phase: phase, "\(message) It was tried \(attempts) times.")
    }

    /// None of a host's addresses took a connection.
    package static func noConnection(to target: String, port: UInt16, _ failure: AddressRace.AllFailed)
        -> TransportError
    {
        let farCure = "Check that the host is up, the port is right and no firewall is in between."
        let cures = failure.shortages.map(\.cure) + (failure.isLocal ? [] : [farCure])
        return TransportError(
            .connectionFailed,
            phase: .tcp,
            "\(target): cannot connect to port \(port) (\(failure.reasons.joined(separator: "; "))). "
                + cures.joined(separator: " ")
        )
    }

    package static func noDescriptor(_ failure: NoDescriptor) -> TransportError {
        TransportError(
            .processFailed,
            phase: nil,
            "no file descriptor for a new connection: \(failure.reason). "
                + (LocalShortage(errno: failure.code) ?? .descriptors).cure
        )
    }

    /// A child that could not be started.
    package init(_ failure: ChildFailure, phase: ConnectionPhase) {
        switch failure {
        case .notStarted(let program, let failure):
            let cure = LocalShortage(errno: failure.code).map { " " + $0.cure } ?? ""
            self.init(.processFailed, phase: phase, "cannot start \(program): \(failure.reason).\(cure)")
        case .noDescriptor(let failure):
            self = .noDescriptor(failure)
        }
    }
}
