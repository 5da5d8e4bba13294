package import WinRMParameters

/// A command line that was read: what it says, and what it leaves to the configuration.
package struct CommandLineReading: Sendable {
    private let binder: Binder

    init(_ binder: Binder) {
        self.binder = binder
    }

    /// The settings that count for its verb.
    package var settings: [Setting] { Setting.of(binder.verb) }

    /// Whether the command line says by itself what a setting sets, or what cannot go with it.
    /// - Parameter texts: the setting's value; none for whichever.
    package func says(_ setting: Setting, _ texts: [String] = []) -> Bool {
        binder.given.contains { $0.option.slot == setting.slot } || excludes(setting, texts)
    }

    /// Whether the command line asks for something with which a setting would be an error: whoever runs it means what stands
    /// there, and cannot take the setting back.
    private func excludes(_ setting: Setting, _ texts: [String]) -> Bool {
        let run = binder.choices.run
        func isGiven(_ option: String) -> Bool { binder.given.contains { $0.option.long == option } }
        switch setting.key {
        case "live": return run.output.format != .text
        case "format":
            // A night without a file for its results prints none.
            let isSilent = run.cron && run.output.file == nil && !run.dryRun
            return isGiven("live") || isSilent || isGiven("exit-from-session") && texts == ["nagios"]
        case "ask", "debug", "verbose": return run.cron
        default: return false
        }
    }

    /// What is asked for, with values for what the command line does not say.
    package func finish(with values: [SettingValue]) throws(UsageError) -> Invocation {
        try binder.taking(values).finish()
    }

    /// What values mean for one host.
    package func choices(with values: [SettingValue]) throws(UsageError) -> HostChoices {
        try binder.taking(values).choices
    }

    /// How long the run may take, where the command line says so.
    package var runTimeout: Duration? { binder.choices.run.limits.run }
}

extension Binder {
    fileprivate func taking(_ values: [SettingValue]) throws(UsageError) -> Binder {
        var binder = self
        for value in values { try binder.take(value) }
        return binder
    }
}

/// A setting's value that does not come from the command line.
package struct SettingValue: Sendable, Hashable {
    package var key: String
    /// As the option takes them; several of a list only.
    package var texts: [String]
    /// How messages name where it comes from.
    package var place: String

    package init(key: String, texts: [String], place: String) {
        self.key = key
        self.texts = texts
        self.place = place
    }
}

/// What a run does at one host, as far as hosts differ.
package struct HostChoices: Sendable, Hashable {
    package var ssh: SSHChoices
    package var winRM: WSManParameters
    /// Its playbook and targets are nobody's.
    package var run: RunInvocation
    /// What files and the environment say, as options are typed.
    package var configured: [String] = []

    package init(ssh: SSHChoices, winRM: WSManParameters = WSManParameters(), run: RunInvocation) {
        self.ssh = ssh
        self.winRM = winRM
        self.run = run
    }

    /// What values mean by themselves.
    package init(of values: [SettingValue]) throws(UsageError) {
        self = try Binder(.run).taking(values).choices
    }
}
