/// What an entry's header line says of the entry besides what any asciicast's does: its member `psrun`.
package struct EntryStamp: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// Reads it out of an entry's first line; nil where that has none.
    package init?(headerLine line: [UInt8]) {
        guard let own = (try? JSONValue(parsing: line))?[.psrun] else { return nil }
        self.init(own)
    }

    package init(entry: Int, target: String) {
        json = .record([.format: 1, .entry: .integer(Int64(entry) + 1), .target: .string(target)])
    }

    package var format: Int64? { json[.format]?.integer }
    /// The entry's number, from 1; nil where it is not a number of one.
    package var number: Int? {
        guard let number = json[.entry]?.integer, number > 0 else { return nil }
        return Int(exactly: number)
    }
    package var target: String? { json[.target]?.string }
}
