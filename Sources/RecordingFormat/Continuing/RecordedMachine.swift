/// Which virtual machine of libvirt's is meant.
package struct RecordedMachine: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - name: its name, or its UUID.
    ///   - hypervisor: libvirt's address; nil for its default.
    ///   - way: how it is entered; nil where that is found out.
    package init(name: String, isID: Bool, hypervisor: String?, way: String?) {
        json = .record([
            .name: .string(name),
            .isID: .bool(isID),
            .hypervisor: .optional(hypervisor),
            .way: .optional(way),
        ])
    }

    package var name: String? { json[.name]?.string }
    package var isID: Bool { json[.isID] == .bool(true) }
    package var hypervisor: String? { json[.hypervisor]?.string }
    package var way: String? { json[.way]?.string }
}
