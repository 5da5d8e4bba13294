extension RecordedSelection {
    fileprivate var json: JSONValue {
        .record([.targetCount: .integer(Int64(targets)), .sha256: .string(hash)])
    }

    fileprivate init?(_ json: JSONValue?) {
        guard let targets = json?[.targetCount]?.integer.flatMap(Int.init(exactly:)),
            targets >= 0, targets <= RecordingBound.entries.limit, let hash = json?[.sha256]?.string, isHash(hash)
        else { return nil }
        self.init(targets: targets, hash: hash)
    }
}

extension RecordedShard {
    package var json: JSONValue {
        .record([.index: .integer(Int64(index)), .count: .integer(Int64(count)), .selection: selection.json])
    }

    /// `2/10`.
    package var text: String { "\(index)/\(count)" }

    package init?(_ json: JSONValue) {
        guard let index = json[.index]?.integer.flatMap(Int.init(exactly:)),
            let count = json[.count]?.integer.flatMap(Int.init(exactly:)), (0..<count).contains(index),
            let selection = RecordedSelection(json[.selection])
        else { return nil }
        self.init(index: index, count: count, selection: selection)
    }
}

extension RecordedMerge {
    package var json: JSONValue {
        let parts = parts.map { part -> JSONValue in
            .record([
                .index: .integer(Int64(part.index)), .run: .string(part.run.run),
                .manifestHash: .string(part.run.manifestHash),
            ])
        }
        return .record([.count: .integer(Int64(count)), .selection: selection.json, .shards: .array(parts)])
    }

    package init?(_ json: JSONValue) {
        guard let count = json[.count]?.integer.flatMap(Int.init(exactly:)), count > 0,
            let selection = RecordedSelection(json[.selection]), let values = json[.shards]?.array
        else { return nil }
        var parts: [Part] = []
        for value in values {
            guard let index = value[.index]?.integer.flatMap(Int.init(exactly:)),
                index > parts.last?.index ?? -1, index < count, let run = PreviousRun(value)
            else { return nil }
            parts.append(Part(index: index, run: run))
        }
        self.init(count: count, selection: selection, parts: parts)
    }
}
