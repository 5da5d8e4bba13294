import Configuration
import Fleet
import MachineTransport
import PSRunCommandLine
import SSHTransport

extension TargetSelector {
    /// A virtual machine of libvirt's, which files and the environment may say something of by its name.
    mutating func machine(_ choice: MachineChoice) throws(CommandFailure) -> SelectedTarget {
        let name: MachinePlace.Name
        switch choice.name {
        case .name(let text):
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw CommandFailure(.usage, "-VMName does not take '\(printable(text))': it has a control character.")
            }
            name = .name(text)
        case .id(let text):
            guard let id = MachinePlace.id(text) else {
                throw CommandFailure(.usage, "-VMId does not take '\(printable(text))': it takes a GUID.")
            }
            name = id
        }
        guard SSHTarget.isSafe(user: choice.user) else {
            throw CommandFailure(
                .usage,
                "-Credential does not take '\(printable(choice.user))': it has characters that no user's name has."
            )
        }
        let way = choice.transport.flatMap { MachinePlace.Way(rawValue: $0.rawValue) }
        let place = MachinePlace(name, hypervisor: choice.hypervisor, user: choice.user, way: way)
        let (kind, own) = try kind(of: ConfiguredHost(names: [place.text, place.label]))
        let ssh = own?.ssh ?? choices
        guard way != .channel || ssh.command == nil && !ssh.drivesShell else {
            throw CommandFailure(
                .usage,
                "--vm-transport channel leads to an endpoint in the machine: --exec and --shell are for what is entered over SSH."
            )
        }
        return SelectedTarget(RunTarget(place, own.map { SSHHostOptions($0.ssh.forTransport) }, kind: kind))
    }
}
