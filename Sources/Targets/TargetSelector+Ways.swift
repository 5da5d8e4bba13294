import Inventories
import NodeSets
import PSRunCommandLine

extension TargetSelector {
    /// All hosts that are left and that psrun has no way into, at once.
    func refuseMissingWays(of targets: [SelectedTarget]) throws(CommandFailure) {
        let missing = [InventoryTarget.Transport.psrp, .winrm]
        let hosts = missing.compactMap { transport -> String? in
            let names = targets.filter { $0.transport == transport }.map(\.name)
            guard !names.isEmpty else { return nil }
            let fold = NodeSet(names: names).folded
            return "\(transport.rawValue) (\(fold.count > 200 ? fold.prefix(200) + "…" : fold))"
        }
        guard !hosts.isEmpty else { return }
        throw CommandFailure(
            .usage,
            "-i: psrun does not have the ansible_connection of some hosts yet: \(hosts.joined(separator: ", ")). Its ways in "
                + "are ssh, local, docker and podman: mend the variable, or leave them out with --limit or -x."
        )
    }
}
