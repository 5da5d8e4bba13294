package import Connections

/// What can go wrong on the way over SSH.
extension TransportError.Code {
    package static let protocolError = Self(rawValue: "SSHProtocolError")
    package static let hostKeyUnknown = Self(rawValue: "HostKeyUnknown")
    package static let hostKeyChanged = Self(rawValue: "HostKeyChanged")
    package static let hostKeyRevoked = Self(rawValue: "HostKeyRevoked")
    package static let keyFileUnusable = Self(rawValue: "KeyFileUnusable")
    package static let subsystemMissing = Self(rawValue: "SubsystemMissing")
    /// ssh_config, or an option that stands for a line of it, makes no sense.
    package static let configuration = Self(rawValue: "SSHConfiguration")
}
