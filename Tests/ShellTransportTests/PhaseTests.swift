import Connections
import SSHTransport
import Testing

@testable import ShellTransport

struct PhaseTests {
    @Test("A driven shell's phases come behind those of what carries it")
    func order() {
        let phases = ConnectionPhase.ofSSH.filter { $0 != .subsystem } + [.shell, .shellGuard]
        #expect(phases == phases.sorted())
    }
}
