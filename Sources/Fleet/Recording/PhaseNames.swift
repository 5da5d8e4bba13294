import Connections
import SSHTransport
import Sessions

/// The names of all phases that a session may pass on its way to being open, whatever its way in.
package enum PhaseNames {
    /// In the order in which they come. A local session has the last two alone.
    package static let all = ConnectionPhase.ofSSH.map(\.name) + [SessionPhase.opening]
}
