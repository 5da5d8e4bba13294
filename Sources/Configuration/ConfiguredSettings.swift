package import PSRunCommandLine

/// The layers of a configuration, put together.
package struct ConfiguredSettings: Sendable {
    /// The one that counts first comes first.
    package let layers: [ConfigurationLayer]

    package init(_ layers: [ConfigurationLayer]) {
        self.layers = layers
    }

    /// The values that count, in the order of the settings.
    ///
    /// Of what is set in several layers the first one counts. Within a layer, what the first group that holds the host sets
    /// goes before what is set for all hosts. A list stands in place of later lists, but for one that adds up.
    /// - Parameters:
    ///   - host: nil for what counts whatever the host.
    ///   - settings: those that are asked for.
    ///   - isSaid: whether the command line says by itself what a setting sets, or what cannot go with its value.
    package func values(
        for host: ConfiguredHost? = nil,
        of settings: [Setting] = Setting.all,
        unless isSaid: (Setting, [String]) -> Bool = { _, _ in false }
    ) -> [ConfiguredValue] {
        let found = host.map(matching) ?? []
        return values(inGroups: found, of: settings, unless: isSaid)
    }

    /// The groups that hold a host: of each layer, by their places in it.
    package func matching(_ host: ConfiguredHost) -> [[Int]] {
        layers.map { layer in layer.groups.indices.filter { layer.groups[$0].patterns.matches(host) } }
    }

    package func values(
        inGroups groups: [[Int]],
        of settings: [Setting] = Setting.all,
        unless isSaid: (Setting, [String]) -> Bool = { _, _ in false }
    ) -> [ConfiguredValue] {
        var taken: Set<String> = []
        var values: [ConfiguredValue] = []
        for (index, layer) in layers.enumerated() {
            let special = index < groups.count ? groups[index].flatMap { layer.groups[$0].values } : []
            var own: Set<String> = []
            for value in special + layer.general {
                guard let setting = Setting.of(key: value.key) else { continue }
                let isFirst = !taken.contains(value.slot) && !isSaid(setting, value.texts)
                if setting.addsUp || own.insert(value.slot).inserted && isFirst { values.append(value) }
            }
            taken.formUnion(own)
        }
        return settings.flatMap { setting in values.filter { $0.key == setting.key } }
    }

    /// Whether any host has settings of its own.
    package var hasGroups: Bool { layers.contains { $0.groups.contains { !$0.values.isEmpty } } }

    /// The groups of an inventory or of ClusterShell's that the files name.
    package var groupNames: [String] { layers.flatMap { $0.groups.flatMap(\.patterns.groupNames) } }
}

extension ConfiguredValue {
    /// The same as the command line's reader takes it.
    package var forReading: SettingValue { SettingValue(key: key, texts: texts, place: origin.description) }

    /// The same as options are typed.
    package var typed: [String] {
        texts.filter { $0 != "false" }.map { $0 == "true" ? "--\(key)" : "--\(key)=\($0)" }
    }
}
