/// What a whole run came to, as the machine-readable result tells it.
package struct RunRecord: JSONRecord {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// - Parameters:
    ///   - run: the run's folder, without the folders it is in; nil where nothing was recorded.
    ///   - recording: the run's folder.
    ///   - exitCode: nil where psrun did not live to give one.
    ///   - startedSeconds: since 1970, UTC.
    ///   - shard: which part of the targets it had, from 0; nil for all of them.
    package init(
        run: String?,
        playbook: String,
        recording: String?,
        exitCode: Int32?,
        startedSeconds: Int64,
        durationMicroseconds: Int64,
        shard: (index: Int, count: Int)? = nil
    ) {
        var members = [
            JSONMember(.run, .optional(run)),
            JSONMember(.playbook, .string(playbook)),
            JSONMember(.recording, .optional(recording)),
            JSONMember(.exitCode, .optional(exitCode)),
            JSONMember(.started, .string(UTCTime(secondsSince1970: startedSeconds).extended)),
            JSONMember(.durationMicroseconds, .integer(durationMicroseconds)),
        ]
        if let shard {
            let value: JSONValue = .record([.index: .integer(Int64(shard.index)), .count: .integer(Int64(shard.count))])
            members.append(JSONMember(.shard, value))
        }
        json = .object(members)
    }

    package var run: String? { json[.run]?.string }
    package var playbook: String? { json[.playbook]?.string }
    package var recording: String? { json[.recording]?.string }
    package var exitCode: Int64? { json[.exitCode]?.integer }
    package var started: UTCTime? { json[.started]?.string.flatMap(UTCTime.init) }
    package var durationMicroseconds: Int64? { json[.durationMicroseconds]?.integer }
    package var targets: [TargetRecord] { (json[.targets]?.array ?? []).map(TargetRecord.init) }

    /// Its bytes before its targets and behind them, for targets that are written one by one.
    package var aroundTargets: (before: [UInt8], after: [UInt8]) {
        let bytes = with([]).encoded
        return (bytes.dropLast(2), bytes.suffix(2))
    }

    /// The same with its targets at the end. The last line of `jsonl` has none: there each target has a line of its own.
    package func with(_ targets: [TargetRecord]) -> RunRecord {
        RunRecord(.object((json.members ?? []) + [JSONMember(.targets, .array(targets.map(\.json)))]))
    }
}
