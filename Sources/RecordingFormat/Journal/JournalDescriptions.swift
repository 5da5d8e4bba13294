extension RunDescription {
    /// The payload of a journal's `run` record: all but the playbook's bytes, which have a record of their own.
    package var journalPayload: [UInt8] {
        let value: JSONValue = .record([
            .playbook: .string(playbookName),
            .startedSeconds: .integer(startedSeconds),
            .psrun: .string(psrunVersion),
            .retainUntilSeconds: .optional(retainUntilSeconds),
            .targets: .array(targets.map(JSONValue.string)),
        ])
        return value.compact
    }

    /// Reads the payload of a `run` record; nil where it is none.
    package init?(journalPayload payload: some Collection<UInt8>, playbookBytes: [UInt8]) {
        guard
            let value = try? JSONValue(parsing: Array(payload)),
            let playbookName = value[.playbook]?.string,
            let startedSeconds = value[.startedSeconds]?.integer, TarHeader.times.contains(startedSeconds),
            let psrunVersion = value[.psrun]?.string,
            let targets = value[.targets]?.array,
            case let retained = value[.retainUntilSeconds]?.integer,
            retained.map({ UTCTime(UTCTime(secondsSince1970: $0).extended) != nil }) ?? true
        else { return nil }
        self.init(
            playbookName: playbookName,
            playbookBytes: playbookBytes,
            startedSeconds: startedSeconds,
            psrunVersion: psrunVersion,
            targets: targets.compactMap(\.string),
            retainUntilSeconds: retained
        )
    }
}

extension EntryHeader {
    /// The payload of a journal's `begin` record.
    package var journalPayload: [UInt8] {
        let value: JSONValue = .record([
            .target: .string(target),
            .columns: .integer(Int64(columns)),
            .rows: .integer(Int64(rows)),
            .startedSeconds: .integer(startedSeconds),
            .title: .string(title),
        ])
        return value.compact
    }

    /// Reads the payload of a `begin` record; nil where it is none.
    package init?(journalPayload payload: some Collection<UInt8>) {
        guard
            let value = try? JSONValue(parsing: Array(payload)),
            let target = value[.target]?.string,
            let columns = value[.columns]?.integer.flatMap(Int.init(exactly:)),
            let rows = value[.rows]?.integer.flatMap(Int.init(exactly:)),
            let startedSeconds = value[.startedSeconds]?.integer, TarHeader.times.contains(startedSeconds),
            let title = value[.title]?.string
        else { return nil }
        self.init(target: target, columns: columns, rows: rows, startedSeconds: startedSeconds, title: title)
    }
}
