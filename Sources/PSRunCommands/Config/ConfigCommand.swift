import Configuration
import ConfigurationFiles
import ConsoleText
import Files
import Fleet
import PSRunCommandLine
import RecordingFormat
import Reports
import Targets
import Threads

/// `psrun config show`, `psrun config keys`
enum ConfigCommand {
    static func run(_ invocation: ConfigInvocation, console: VerbConsole) async -> Int32 {
        await onOwnThread {
            do throws(CommandFailure) {
                switch invocation.action {
                case .keys: tell(SettingList.text, SettingList.json, invocation, console)
                case .show:
                    let loaded = try LoadedConfiguration(ConfigurationPlaces(environment: console.environment))
                    let report = ConfigurationReport(
                        loaded.settings,
                        files: loaded.files,
                        unread: loaded.unreadVariables,
                        host: try host(invocation, loaded.settings, console.environment)
                    )
                    tell(report.text, report.json, invocation, console)
                }
                return ExitCode.allWell.number
            } catch {
                console.warn("psrun: \(TerminalText.presentable(error.message, colored: false))")
                return error.code.number
            }
        }
    }

    private static func tell(
        _ text: String,
        _ json: JSONValue,
        _ invocation: ConfigInvocation,
        _ console: VerbConsole
    ) {
        switch invocation.format {
        case .text: _ = console.write(text)
        case .json: _ = console.writeBytes(json.indented)
        }
    }

    /// The host that was named, with its groups.
    private static func host(
        _ invocation: ConfigInvocation,
        _ settings: ConfiguredSettings,
        _ environment: [String: String]
    ) throws(CommandFailure) -> ConfiguredHost? {
        guard let host = invocation.host else { return nil }
        var selector = TargetSelector(
            SSHChoices(),
            .standard,
            playFolder: ".",
            environment: environment,
            wantsGroups: true,
            hosts: HostSettings(settings)
        )
        guard !invocation.inventories.isEmpty else { return selector.configured(host) }
        let selected = try selector.targets(of: HostSelection(invocation.inventories.map { .inventory($0) }))
        guard let found = selected.first(where: { $0.target.name.lowercased() == host.host }) else {
            throw CommandFailure(.usage, "\(host) is not in -i \(invocation.inventories.joined(separator: " -i ")).")
        }
        return ConfiguredHost(names: [found.target.name], groups: Set(found.groups))
    }
}
