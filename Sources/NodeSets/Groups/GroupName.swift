/// A group of nodes, without its `@`.
package struct GroupName: Hashable, Sendable {
    /// The group source; nil for the default one.
    package var source: String?
    package var name: String

    package init(source: String? = nil, name: String) {
        self.source = source.flatMap { $0.isEmpty ? nil : $0 }
        self.name = name
    }

    /// The name that stands for all nodes of a source.
    static let everything = "*"
}

extension GroupName: CustomStringConvertible {
    package var description: String { "@\(source.map { "\($0):" } ?? "")\(name)" }
}
