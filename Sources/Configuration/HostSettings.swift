package import PSRunCommandLine

/// What a command line leaves to the configuration: for all hosts, and for each.
package struct HostSettings: Sendable {
    private let settings: ConfiguredSettings
    private let reading: CommandLineReading?
    private let asked: [Setting]

    /// Nothing is configured.
    package static let none = HostSettings(ConfiguredSettings([]))

    /// What is configured, whatever a command line says.
    package init(_ settings: ConfiguredSettings) {
        self.init(settings: settings, reading: nil, asked: Setting.all)
    }

    /// - Parameter isInteractive: whether there is a person who could be asked; `ask` means nothing without one.
    package init(_ settings: ConfiguredSettings, _ reading: CommandLineReading, isInteractive: Bool) {
        self.init(
            settings: settings,
            reading: reading,
            asked: reading.settings.filter { isInteractive || $0.key != "ask" }
        )
    }

    private init(settings: ConfiguredSettings, reading: CommandLineReading?, asked: [Setting]) {
        self.settings = settings
        self.reading = reading
        self.asked = asked
    }

    /// The same of every verb's options: for hosts that a recorded run does not tell of.
    package var ofAllVerbs: HostSettings { HostSettings(settings) }

    /// What counts whatever the host.
    package var general: [ConfiguredValue] {
        settings.values(of: asked) { reading?.says($0, $1) == true }
    }

    package var hasGroups: Bool { settings.hasGroups }

    /// The groups of an inventory or of ClusterShell's that hosts are looked up in.
    package var groupNames: [String] { settings.groupNames }

    /// Which groups of settings hold a host. Hosts that are in the same ones have the same settings.
    package func kind(of host: ConfiguredHost) -> [[Int]] { settings.matching(host) }

    /// What hosts of a kind have; nil where that is what all hosts have.
    /// - Throws: what an option refuses a value with.
    package func choices(of kind: [[Int]]) throws(UsageError) -> HostChoices? {
        guard let reading, kind.contains(where: { !$0.isEmpty }) else { return nil }
        let values = settings.values(inGroups: kind, of: asked) { reading.says($0, $1) }
        var choices = try reading.choices(with: values.map(\.forReading))
        choices.configured = values.flatMap(\.typed)
        return choices
    }

    /// What groups of settings alone say of a host; nil where none holds it.
    /// - Throws: what an option refuses a value with.
    package func ownChoices(of host: ConfiguredHost) throws(UsageError) -> HostChoices? {
        let values = settings.values(for: host, of: asked).filter { $0.hosts != nil }
        return values.isEmpty ? nil : try HostChoices(of: values.map(\.forReading))
    }

    /// A message, and behind it where the options come from that it names and nobody gave.
    package func explaining(_ message: String) -> String {
        let words = Set(message.split { !$0.isLetter && $0 != "-" }.map(String.init))
        var told: Set<String> = []
        let origins = (general + settings.layers.flatMap { $0.groups.flatMap(\.values) }).filter { value in
            let isGiven = Setting.of(key: value.key).map { reading?.says($0) == true } ?? false
            return !isGiven && words.contains("--\(value.key)")
                && told.insert("\(value.key) \(value.origin)").inserted
        }
        .prefix(3).map { " (--\($0.key) is set by \($0.origin).)" }
        return message + origins.joined()
    }
}
