import PSRunCommandLine
package import RecordingFormat

/// Every setting that there is, as `config keys` tells them.
package enum SettingList {
    /// A table: the key, whether hosts may have their own, the environment variable.
    package static var text: String {
        var table = TextTable(rightAligned: [])
        table.add(["KEY", "FOR", "VARIABLE", "VALUE"])
        for setting in Setting.all {
            table.add([setting.key, setting.reachName, setting.variable, setting.valueName])
        }
        return table.lines.map { $0 + "\n" }.joined()
    }

    package static var json: JSONValue {
        .record([
            .settings: .array(
                Setting.all.map { setting in
                    .record([
                        .key: .string(setting.key), .hosts: .bool(setting.reach == .host),
                        .variable: .string(setting.variable), .values: .string(setting.valueName),
                        .text: .string(setting.option.help),
                    ])
                }
            )
        ])
    }
}

extension Setting {
    fileprivate var reachName: String { reach == .host ? "run, hosts" : "run" }

    fileprivate var valueName: String {
        let name = option.value.placeholder ?? "true, false"
        return option.isRepeatable ? "list of \(name)" : name
    }
}
