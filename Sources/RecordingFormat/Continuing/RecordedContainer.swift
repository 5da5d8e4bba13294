/// How a container is reached.
package struct RecordedContainer: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - name: as it was given: a name or an id.
    ///   - engine: nil where it is found out.
    package init(name: String, engine: String?, configurationName: String?) {
        json = .record([
            .name: .string(name),
            .engine: .optional(engine),
            .configurationName: .optional(configurationName),
        ])
    }

    package var name: String? { json[.name]?.string }
    package var engine: String? { json[.engine]?.string }
    package var configurationName: String? { json[.configurationName]?.string }
}
