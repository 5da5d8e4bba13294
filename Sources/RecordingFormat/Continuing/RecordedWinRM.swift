/// How a computer is entered over WinRM, without secrets.
package struct RecordedWinRM: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - computer: its name or its address; nil where `uri` is there.
    ///   - uri: the service's address.
    ///   - parameters: all that was said of it, each `NAME=VALUE`.
    package init(computer: String?, uri: String?, parameters: [String]) {
        json = .record([
            .address: .optional(computer),
            .uri: .optional(uri),
            .parameters: .array(parameters.map { .string($0) }),
        ])
    }

    package var computer: String? { json[.address]?.string }
    package var uri: String? { json[.uri]?.string }
    package var parameters: [String] { (json[.parameters]?.array ?? []).compactMap(\.string) }
}
