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
        let place = MachinePlace(name, hypervisor: choice.hypervisor, user: choice.user)
        let (kind, own) = try kind(of: ConfiguredHost(names: [place.text, place.label]))
        return SelectedTarget(RunTarget(place, own.map { SSHHostOptions($0.ssh.forTransport) }, kind: kind))
    }
}
