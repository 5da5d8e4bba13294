/// What a document says of its run: the members of a manifest, or as many of them as came along.
package struct ManifestMembers: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    package var playbookName: String? { json[.playbook]?[.name]?.string }
    package var playbookHash: String? { json[.playbook]?[.sha256]?.string }
    package var psrunVersion: String? { json[.psrun]?.string }
    /// UTC, as it is written.
    package var started: String? { json[.started]?.string }
    package var durationMicroseconds: Int64? { json[.durationMicroseconds]?.integer }
    package var exitCode: Int64? { json[.exitCode]?.integer }
    package var isRecovered: Bool { json[.recovered]?.bool ?? false }
    /// The part of a selection that it is.
    package var shard: RecordedShard? { json[.shard].flatMap(RecordedShard.init) }
    package var archiveHash: String? { json[.archive]?[.sha256]?.string }
    /// The run that it continues.
    package var continuedRun: String? { json[.continues]?[.run]?.string }
    package var merkleRoot: String? { json[.merkleRoot]?.string }

    /// How many targets had which outcome, in the order of the file; nil where that is not said.
    package var outcomes: [(outcome: RecordedOutcome, targets: Int64)]? {
        json[.outcomes]?.members?.compactMap { member in
            member.value.integer.map { (RecordedOutcome(rawValue: member.key), $0) }
        }
    }
}
