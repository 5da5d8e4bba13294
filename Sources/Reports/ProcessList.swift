package import RecordingFormat

/// The running PowerShells that can be entered.
package struct ProcessList {
    package struct Row {
        let id: Int32
        let name: String
        let pipe: String

        package init(id: Int32, name: String, pipe: String) {
            (self.id, self.name, self.pipe) = (id, name, pipe)
        }
    }

    private let rows: [Row]

    package init(_ rows: [Row]) {
        self.rows = rows
    }

    package var text: String {
        var table = TextTable(rightAligned: [0])
        table.add(["ID", "NAME", "PIPE"])
        for row in rows { table.add(["\(row.id)", row.name, row.pipe]) }
        return table.lines.map { $0 + "\n" }.joined()
    }

    package var json: JSONValue {
        .record([
            .processes: .array(
                rows.map {
                    .record([.processID: .integer(Int64($0.id)), .name: .string($0.name), .pipe: .string($0.pipe)])
                }
            )
        ])
    }
}
