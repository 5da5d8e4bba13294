import Configuration
import Fleet
import Inventories
import NodeSets
import PSRunCommandLine
import WinRMParameters

extension TargetSelector {
    /// A computer, or a service's address, which files and the environment may say something of by the host's name.
    mutating func target(at place: WSManParameters.Place) throws(CommandFailure) -> SelectedTarget {
        let host = try Self.asFailure { () throws(WSManParameterError) in try Self.host(of: place) }
        let (kind, own) = try kind(named: host)
        let parameters = own?.winRM ?? winRM
        let found = try Self.asFailure { () throws(WSManParameterError) in try WSManPlace(place, parameters) }
        return SelectedTarget(RunTarget(found, kind: kind), typed: Self.typed(place))
    }

    private static func asFailure<Value>(
        _ body: () throws(WSManParameterError) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(WSManParameterError) {
            return try body()
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }

    private mutating func kind(
        named host: String
    ) throws(CommandFailure) -> (number: Int, own: HostChoices?) {
        try kind(of: configured(HostName(host: HostExclusion.bracketed(host.lowercased()))))
    }

    /// A host of an inventory that says `psrp` or `winrm`. The port of SSH's choices is not its port.
    func target(
        _ found: InventoryTarget,
        _ own: HostChoices?,
        _ kind: Int,
        _ groups: [String],
        _ variables: InventoryVariables
    ) throws(CommandFailure) -> SelectedTarget {
        var shared = own?.winRM ?? winRM
        shared.port = nil
        shared.usesTLS = nil
        do throws(WSManParameterError) {
            let parameters = (found.winRM ?? WSManParameters()).over(shared)
            let place = try WSManPlace(.computer(found.address), parameters, named: found.name)
            var selected = SelectedTarget(RunTarget(place, named: found.name, kind: kind), typed: found.name)
            selected.groups = groups
            selected.transport = found.transport
            selected.isOfInventory = true
            selected.variables = variables
            selected.password = found.password
            return selected
        } catch {
            // Who wrote the inventory has given no option of psrun's.
            let variables = found.transport.variables(for: error.text)
            let told = variables.isEmpty ? error : WSManParameterError(error.code, "\(error.text) \(variables)")
            throw CommandFailure(.usage, "-i: \(printable(found.name)): \(told.message)")
        }
    }

    private static func host(of place: WSManParameters.Place) throws(WSManParameterError) -> String {
        switch place {
        case .computer(let name): try WSManURL.computerName(name)
        case .uri(let text): try WSManURL.parse(text).host
        }
    }

    private static func typed(_ place: WSManParameters.Place) -> String {
        switch place {
        case .computer(let name), .uri(let name): name
        }
    }
}
