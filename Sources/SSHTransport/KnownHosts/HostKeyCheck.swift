/// What is done with a host key that no known_hosts file knows. A changed or revoked one is always refused.
package enum HostKeyCheck: String, Sendable, Hashable {
    /// Refused, unless a person at a terminal takes it.
    case yes
    /// Taken, and added to the first known_hosts file.
    case acceptNew = "accept-new"
    /// Taken.
    case no
}
