extension RunDescription {
    /// The payload of a journal's `run` record: all but the playbook's bytes, which have a record of their own.
    package var journalPayload: [UInt8] {
        var members = [
            JSONMember(.playbook, .string(playbookName)),
            JSONMember(.startedSeconds, .integer(startedSeconds)),
            JSONMember(.psrun, .string(psrunVersion)),
            JSONMember(.retainUntilSeconds, .optional(retainUntilSeconds)),
            JSONMember(.targets, .array(targets.map(JSONValue.string))),
        ]
        if let shard {
            members.append(JSONMember(.shard, shard.json))
            members.append(JSONMember(.positions, .array(positions.map { .integer(Int64($0)) })))
        }
        if let options { members.append(JSONMember(.options, options.json)) }
        if !places.isEmpty {
            let places = places.sorted { $0.key < $1.key }.map { JSONMember(key: "\($0.key)", value: $0.value.json) }
            members.append(JSONMember(.places, .object(places)))
        }
        if let continued { members.append(JSONMember(.continues, continued.json)) }
        return JSONValue.object(members).compact
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
            retained.map({ UTCTime(UTCTime(secondsSince1970: $0).extended) != nil }) ?? true,
            case let shard = value[.shard].flatMap(RecordedShard.init),
            case let positions = (value[.positions]?.array ?? []).compactMap({ $0.integer.flatMap(Int.init(exactly:)) }),
            // Without its places a target could not be put back among the others.
            positions.count == (shard == nil ? 0 : targets.count)
        else { return nil }
        // What says which lines ran before must not be lost on the way: they would run twice.
        let continued = value[.continues].map { ContinuedRun($0, targets: targets.count) }
        if case .some(nil) = continued { return nil }
        self.init(
            playbookName: playbookName,
            playbookBytes: playbookBytes,
            startedSeconds: startedSeconds,
            psrunVersion: psrunVersion,
            targets: targets.compactMap(\.string),
            retainUntilSeconds: retained,
            shard: shard,
            positions: positions,
            options: value[.options].map(RecordedOptions.init),
            places: Dictionary(
                (value[.places]?.members ?? []).compactMap { member in
                    Int(member.key).map { ($0, RecordedPlace(member.value)) }
                },
                uniquingKeysWith: { first, _ in first }
            ),
            continued: continued ?? nil
        )
    }
}

extension EntryHeader {
    /// The payload of a journal's `begin` record.
    package var journalPayload: [UInt8] {
        var members = [
            JSONMember(.target, .string(target)),
            JSONMember(.columns, .integer(Int64(columns))),
            JSONMember(.rows, .integer(Int64(rows))),
            JSONMember(.startedSeconds, .integer(startedSeconds)),
            JSONMember(.title, .string(title)),
        ]
        if let position { members.append(JSONMember(.position, .integer(Int64(position)))) }
        return JSONValue.object(members).compact
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
        self.init(
            target: target,
            columns: columns,
            rows: rows,
            startedSeconds: startedSeconds,
            title: title,
            position: value[.position]?.integer.flatMap(Int.init(exactly:))
        )
    }
}
