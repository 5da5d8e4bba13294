package import Configuration
import PSRunCommandLine
package import RecordingFormat

/// What is configured, as `config show` tells it.
package struct ConfigurationReport {
    private let files: [ConfigurationFile]
    private let unread: [String]
    private let settings: ConfiguredSettings
    private let host: ConfiguredHost?

    /// - Parameters:
    ///   - files: in the order in which they count.
    ///   - unread: variables that begin as psrun's do.
    ///   - host: nil for what is set for all, and each group.
    package init(_ settings: ConfiguredSettings, files: [ConfigurationFile], unread: [String], host: ConfiguredHost?) {
        self.settings = settings
        self.files = files
        self.unread = unread
        self.host = host
    }

    // MARK: Text

    /// Files, and then a table of settings with where each comes from.
    package var text: String {
        var parts = ["# Files; of two that set the same thing the first one counts"]
        var table = TextTable(rightAligned: [])
        for file in files { table.add(["#", file.layer.rawValue, file.path, file.state.text]) }
        parts += table.lines
        for name in unread { parts.append("# \(printable(name)) is not a variable of psrun's, and is not read") }
        if let host, !host.groups.isEmpty {
            parts.append("# \(host.names.first ?? "") is in \(host.groups.sorted().joined(separator: ", "))")
        }
        var rows = TextTable(rightAligned: [])
        for value in settings.values(for: host) { add(value, to: &rows, indent: "") }
        if host == nil {
            for group in groups {
                rows.add(["hosts '\(group.patterns.text)':", group.place.description])
                for value in group.values { add(value, to: &rows, indent: "  ") }
            }
        }
        parts += rows.lines.isEmpty ? ["# Nothing is set: every setting has its default"] : rows.lines
        return parts.map { $0 + "\n" }.joined()
    }

    private var groups: [HostGroup] { settings.layers.flatMap(\.groups) }

    private func add(_ value: ConfiguredValue, to table: inout TextTable, indent: String) {
        let hosts = host == nil ? "" : value.hosts.map { " (hosts '\($0)')" } ?? ""
        let origin = "\(value.origin)\(hosts)"
        guard !value.texts.isEmpty else { return table.add(["\(indent)\(value.key): []", origin]) }
        for (index, text) in value.texts.enumerated() {
            let key = index == 0 ? "\(value.key):" : String(repeating: " ", count: value.key.count + 1)
            table.add(["\(indent)\(key) \(text)", index == 0 ? origin : ""])
        }
    }

    // MARK: JSON

    package var json: JSONValue {
        var members = [
            JSONMember(
                .files,
                .array(
                    files.map { file in
                        .record([
                            .layer: .string(file.layer.rawValue), .path: .string(file.path),
                            .state: .string(file.state.name), .reason: .optional(file.state.reason),
                        ])
                    }
                )
            )
        ]
        if let host {
            members.append(JSONMember(.host, .string(host.names.first ?? "")))
            members.append(JSONMember(.groups, .array(host.groups.sorted().map { .string($0) })))
        }
        members.append(JSONMember(.settings, .array(settings.values(for: host).map(\.json))))
        if host == nil {
            members.append(
                JSONMember(
                    .hosts,
                    .array(
                        groups.map { group in
                            .record([
                                .hosts: .string(group.patterns.text), .path: .string(group.place.path),
                                .line: .integer(Int64(group.place.line)), .column: .integer(Int64(group.place.column)),
                                .settings: .array(group.values.map(\.json)),
                            ])
                        }
                    )
                )
            )
        }
        return .object(members)
    }
}

extension ConfiguredValue {
    fileprivate var json: JSONValue {
        var (variable, place): (String?, FilePlace?)
        switch origin {
        case .environment(let name): variable = name
        case .file(let file): place = file
        }
        return .record([
            .key: .string(key), .values: .array(texts.map { .string($0) }), .layer: .string(layer.rawValue),
            .variable: .optional(variable), .path: .optional(place?.path), .line: .optional(place?.line),
            .column: .optional(place?.column), .hosts: .optional(hosts),
        ])
    }
}

extension ConfigurationFile.State {
    fileprivate var name: String {
        switch self {
        case .read: "read"
        case .absent: "absent"
        case .leftOut: "left_out"
        }
    }

    fileprivate var reason: String? { if case .leftOut(let reason) = self { reason } else { nil } }

    fileprivate var text: String {
        switch self {
        case .read: "read"
        case .absent: "not there"
        case .leftOut(let reason): "not read: \(reason)"
        }
    }
}
