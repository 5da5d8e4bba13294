import PSRunCommandLine

/// What the environment sets: `PSRUN_` and a key in capitals, as PSRUN_FANOUT. The lines of a list are its values.
package struct EnvironmentSettings: Sendable {
    package let layer: ConfigurationLayer
    /// What looks like a variable of psrun's and is not: a sentence each.
    package let warnings: [String]
    /// Variables that begin so and that psrun does not read.
    package let unread: [String]

    private static let prefix = "PSRUN_"
    /// Variables that are no settings; the last two are a password command's, which may run psrun itself.
    private static let others = ["PSRUN_CONFIG", "PSRUN_NO_ACCESS_LOG", "PSRUN_TARGET_HOST", "PSRUN_TARGET_USER"]

    /// - Throws: ConfigurationError
    package init(_ environment: [String: String]) throws(ConfigurationError) {
        var layer = ConfigurationLayer(.environment)
        for setting in Setting.all {
            // An empty variable is one that is not set.
            guard let text = environment[setting.variable], !text.isEmpty else { continue }
            layer.general.append(try Self.value(of: setting, text))
        }
        var slots: [String: ConfiguredValue] = [:]
        for value in layer.general {
            guard let other = slots.updateValue(value, forKey: value.slot) else { continue }
            throw ConfigurationError(
                .contradiction,
                value.origin,
                "\(other.origin) and \(value.origin) say the same thing; unset one of them."
            )
        }
        self.layer = layer
        let known = Setting.all.map(\.variable) + Self.others
        let unknown = environment.keys.filter { $0.hasPrefix(Self.prefix) }.sorted().filter { !known.contains($0) }
        for name in unknown where UnknownKey.isSecret(String(name.dropFirst(Self.prefix.count))) {
            throw ConfigurationError(
                .secretInClear,
                .environment(name),
                "that would be a secret in clear. \(UnknownKey.secretWays)"
            )
        }
        unread = unknown
        warnings = unknown.compactMap { name in
            let bare = { (name: String) in String(name.dropFirst(Self.prefix.count)) }
            guard let meant = nearest(to: bare(name), in: known.map(bare)) else { return nil }
            return "\(printable(name)) is not a variable of psrun's; did you mean \(Self.prefix)\(meant)?"
        }
    }

    private static func value(of setting: Setting, _ text: String) throws(ConfigurationError) -> ConfiguredValue {
        var texts = [text]
        if setting.option.isRepeatable {
            texts = text.split(whereSeparator: \.isNewline).map(String.init)
        } else if setting.option.value.isSwitch {
            texts = [truths[text.lowercased()] ?? text]
        }
        for text in texts {
            do throws(UsageError) {
                try setting.check(text)
            } catch {
                throw ConfigurationError(.invalidValue, .environment(setting.variable), error.message)
            }
        }
        return ConfiguredValue(
            key: setting.key,
            slot: setting.slot,
            texts: texts,
            origin: .environment(setting.variable),
            layer: .environment,
            hosts: nil
        )
    }

    private static let truths = ["yes": "true", "on": "true", "no": "false", "off": "false"]
}
