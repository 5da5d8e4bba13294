/// Something that a session leaves behind, as a JSON object.
///
/// A record keeps its members as they came, in their order, those of later versions too: what is read and written again
/// has the same bytes. A member that is missing, or is not of its type, reads as nil.
package protocol JSONRecord: Sendable, Hashable {
    var json: JSONValue { get }
    init(_ json: JSONValue)
}

extension JSONRecord {
    /// A record without members.
    package init() { self.init(.object([])) }

    /// Reads a record's text, an event's data; nil where it is not JSON.
    package init?(parsing text: some Sequence<UInt8>) {
        guard let json = try? JSONValue(parsing: Array(text)) else { return nil }
        self.init(json)
    }

    /// Its text on one line: an event's data.
    package var encoded: [UInt8] { json.compact }
}
