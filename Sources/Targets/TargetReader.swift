package import Configuration
import ContainerTransport
package import Files
import Fleet
package import KeptSessions
package import PSRunCommandLine
import PipeTransport

/// Turns what the command line selects into the targets of a run.
package enum TargetReader {
    /// The targets of a run, and what the kinds of them have.
    package struct Selection: Sendable {
        package var targets: [SelectedTarget]
        /// The first one's number is 1.
        package var kinds: [HostChoices]
    }

    /// - Parameters:
    ///   - playFolder: of the playbook; an inventory's variables may lie there.
    ///   - warn: told what a user should know of inventories.
    /// - Throws: CommandFailure, usage.
    package static func targets(
        of selection: TargetSelection,
        _ patience: ReadingPatience,
        playFolder: String = ".",
        environment: [String: String] = [:],
        settings: HostSettings = .none,
        warn: (String) -> Void = { _ in }
    ) throws(CommandFailure) -> Selection {
        if case .containers(let choices) = selection { return try containers(choices, settings) }
        guard case .ssh(let hosts, let choices) = selection else { return try own(selection, settings) }
        try check(configFile: choices.configFile)
        var selector = TargetSelector(
            choices,
            patience,
            playFolder: playFolder,
            environment: environment,
            hosts: settings
        )
        let targets = try selector.targets(of: hosts)
        for warning in selector.warnings { warn(warning) }
        return Selection(targets: targets, kinds: selector.choicesOfKinds)
    }

    /// A session on this computer, which files and the environment may say something of.
    private static func own(_ selection: TargetSelection, _ settings: HostSettings) throws(CommandFailure) -> Selection
    {
        var kinds = HostKinds(settings)
        let (kind, _) = try kinds.kind(of: ConfiguredHost(names: [RunTarget.local.name]))
        let target: RunTarget =
            switch selection {
            case .process(.id(let id)): RunTarget(.process(id), kind: kind)
            case .process(.pipe(let name)): RunTarget(PipePlace(nameOrPath: name), kind: kind)
            case .kept(let option): RunTarget(option.choice, kind: kind)
            case .local, .ssh, .containers: .local(kind: kind)
            }
        return Selection(targets: [SelectedTarget(target)], kinds: kinds.found)
    }

    /// Containers on this computer, which files and the environment may say something of by their names.
    private static func containers(
        _ choices: ContainerChoices,
        _ settings: HostSettings
    ) throws(CommandFailure) -> Selection {
        var kinds = HostKinds(settings)
        var targets: [SelectedTarget] = []
        for name in choices.containers {
            if let objection = ContainerPlace.objection(to: name) {
                throw CommandFailure(.usage, "-ContainerId does not take '\(printable(name))': \(objection)")
            }
            let place = ContainerPlace(
                name,
                engine: choices.engine.flatMap { ContainerEngine.Kind(rawValue: $0.rawValue) },
                user: choices.runsAsAdministrator ? ContainerPlace.administrator : nil,
                configurationName: choices.configurationName
            )
            let (kind, _) = try kinds.kind(of: ConfiguredHost(names: [name, place.label]))
            targets.append(SelectedTarget(RunTarget(place, kind: kind)))
        }
        return Selection(targets: targets, kinds: kinds.found)
    }

    private static func check(configFile: String?) throws(CommandFailure) {
        guard let given = configFile, given != "none" else { return }
        let path = HomeFolders.expandTildeWherePossible(given)
        do throws(FileFailure) {
            // It is read again when it is needed, which a pipe cannot be.
            _ = try FileContents.read(path, limit: FileContents.textBytes, kind: .regular)
        } catch {
            throw CommandFailure(.usage, "--ssh-config \(path) cannot be read: \(error.reason).")
        }
    }
}

extension KeptSessionOption {
    /// The same as the broker takes it.
    package var choice: KeptSessionChoice {
        switch self {
        case .name(let name): .name(name)
        case .id(let id): .id(id)
        case .instanceID(let id): .instanceID(id)
        case .any(let text): .any(text)
        }
    }
}
