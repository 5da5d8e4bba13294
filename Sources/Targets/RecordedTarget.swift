import ContainerTransport
import Files
package import Fleet
import MachineTransport
package import PSRunCommandLine
package import RecordingFormat
import SSHTransport
package import WinRMParameters

/// How a recording tells of targets, so that a run can be taken up again.
package struct RecordedTargets {
    private let way: RecordedOptions.Way
    private let selector: TargetSelector
    private let kinds: [HostChoices]
    private let winRM: WSManParameters

    /// - Parameters:
    ///   - way: what those are whose names alone are recorded.
    ///   - choices: what the run said of SSH.
    ///   - kinds: what hosts of a kind have in place of that; the first one's number is 1.
    ///   - winRM: what goes before what was recorded of the way over WinRM.
    package init(
        _ way: RecordedOptions.Way,
        _ choices: SSHChoices,
        kinds: [HostChoices],
        winRM: WSManParameters = WSManParameters()
    ) {
        self.way = way
        self.kinds = kinds
        self.winRM = winRM
        selector = TargetSelector(choices, .standard, playFolder: ".", environment: [:])
    }

    /// The target of a recorded name.
    /// - Parameter place: what was recorded beside the name; nil where that tells all.
    /// - Returns: nil where they do not lead to a host: a secret was replaced in them, most likely.
    package func target(named name: String, _ place: RecordedPlace?) -> RunTarget? {
        guard let place else { return plain(name) }
        guard !place.json.holdsTag, let label = place.label, let computerName = place.computerName,
            (0...kinds.count).contains(place.kind)
        else { return nil }
        let own = place.kind > 0 ? SSHHostOptions(kinds[place.kind - 1].ssh.forTransport) : nil
        var reached = RunTarget.Place.local
        if let container = place.container {
            let engine = container.engine.flatMap { ContainerEngine.Kind(rawValue: $0) }
            guard let name = container.name else { return nil }
            reached = .container(
                ContainerPlace(name, engine: engine, user: place.user, configurationName: container.configurationName)
            )
        } else if let machine = place.machine {
            guard let name = machine.name, let user = place.user else { return nil }
            let known = machine.isID ? MachinePlace.id(name) : .name(name)
            let way = machine.way.flatMap { MachinePlace.Way(rawValue: $0) }
            return known.map {
                let found = MachinePlace($0, hypervisor: machine.hypervisor, user: user, way: way)
                return RunTarget(found, own, kind: place.kind)
            }
        } else if let winRM = place.winRM {
            return target(named: name, winRM, label, kind: place.kind)
        } else if let address = place.address {
            let (port, user, keyFile) = (place.port, place.user, place.keyFile)
            var target = SSHTarget(displayName: name, host: address, port: port, user: user, keyFile: keyFile)
            target.own = own
            reached = .ssh(target)
        }
        return RunTarget(reached, name: name, label: label, computerName: computerName, kind: place.kind)
    }

    private func target(named name: String, _ recorded: RecordedWinRM, _ label: String, kind: Int) -> RunTarget? {
        let place = recorded.computer.map { WSManParameters.Place.computer($0) } ?? recorded.uri.map { .uri($0) }
        guard let place, let parameters = try? WSManParameters(texts: recorded.parameters),
            let found = try? WSManPlace(place, winRM.over(parameters), named: name)
        else { return nil }
        return RunTarget(found, named: label, kind: kind)
    }

    /// What is to be recorded beside a target's name; nil where that tells all.
    package func place(of target: RunTarget) -> RecordedPlace? {
        guard way != .process, way != .session, plain(target.name) != target else { return nil }
        let ssh = if case .ssh(let ssh) = target.place { ssh } else { nil as SSHTarget? }
        let container = if case .container(let container) = target.place { container } else { nil as ContainerPlace? }
        let machine = if case .machine(let machine, _) = target.place { machine } else { nil as MachinePlace? }
        let winRM = if case .winRM(let winRM) = target.place { winRM } else { nil as WSManPlace? }
        return RecordedPlace(
            address: ssh?.host,
            port: ssh?.port.map(Int.init),
            user: ssh?.user ?? container?.user ?? machine?.user,
            keyFile: ssh?.keyFile,
            container: container.map {
                RecordedContainer(
                    name: $0.container,
                    engine: $0.engine?.rawValue,
                    configurationName: $0.configurationName
                )
            },
            machine: machine.map {
                let isID = if case .id = $0.name { true } else { false }
                return RecordedMachine(
                    name: $0.text,
                    isID: isID,
                    hypervisor: $0.hypervisor?.shown,
                    way: $0.way?.rawValue
                )
            },
            winRM: winRM.map { RecordedWinRM($0) },
            label: target.label,
            computerName: target.computerName,
            kind: target.kind
        )
    }

    private func plain(_ name: String) -> RunTarget? {
        guard way == .ssh else { return way == .local && name == RunTarget.local.name ? .local : nil }
        var selector = selector
        guard let host = try? HostName.parse(name), let target = try? selector.target(host).target else { return nil }
        return target.name == name ? target : nil
    }
}

extension RecordedWinRM {
    fileprivate init(_ place: WSManPlace) {
        switch place.place {
        case .computer(let computer):
            self.init(computer: computer, uri: nil, parameters: place.parameters.texts)
        case .uri(let uri): self.init(computer: nil, uri: uri, parameters: place.parameters.texts)
        }
    }
}

extension JSONValue {
    /// Whether a secret was replaced in it.
    fileprivate var holdsTag: Bool { String(decoding: compact, as: UTF8.self).contains("[redacted:") }
}
