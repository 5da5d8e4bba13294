import Connections
import ContainerTransport
import MachineTransport
import PipeTransport
import SSHTransport
import SessionBroker
import Sessions
import ShellTransport
import WSManTransport

/// The names of the phases that a session may pass on its way to being open.
package enum PhaseNames {
    /// Those that every result tells, passed or not, in the order in which they come.
    private static let told = ConnectionPhase.ofSSH.map(\.name)

    /// The names for a result that knows these durations: what is always told, and what its own way in has besides.
    package static func of(_ durations: [String: Int64]) -> [String] {
        func passed(_ phases: [ConnectionPhase]) -> [String] { phases.map(\.name).filter { durations[$0] != nil } }
        let ways =
            [ConnectionPhase.virtio, .pipe, .session] + ConnectionPhase.ofContainers + [.shell, .shellGuard]
            + ConnectionPhase.ofWSMan.filter { !told.contains($0.name) }
        return passed(ConnectionPhase.ofMachines + [.vsock]) + told + passed(ways) + [SessionPhase.opening]
    }
}
