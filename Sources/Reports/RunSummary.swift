package import Recording
package import RecordingFormat

extension RecordedRun {
    var stateName: String {
        switch state {
        case .sealed(let manifest): manifest.recovered ? "recovered" : "sealed"
        case .pruned: "pruned"
        case .running: "running"
        case .killed: "killed"
        case .damaged: "damaged"
        case .unreadable: "unreadable"
        }
    }

    var targets: Int? { manifest?.entries ?? description?.targets.count }

    /// Which shard it is, or which shards were not there to be put together; nothing for a whole run, merged or not.
    private var shardMembers: [JSONMember] {
        if let shard = manifest?.shard ?? description?.shard { return [JSONMember(.shard, shard.json)] }
        guard let merge = manifest?.merge, !merge.missing.isEmpty else { return [] }
        return [JSONMember(.merged, merge.json)]
    }

    /// What `list` and `show` tell of a run, by the names of the machine-readable result; null where it is not known.
    package var summary: [JSONMember] {
        let started = manifest?.startedSeconds ?? description?.startedSeconds
        return [
            JSONMember(.run, .string(name)),
            JSONMember(.state, .string(stateName)),
            JSONMember(.playbook, .optional(manifest?.playbookName ?? description?.playbookName)),
            JSONMember(.recording, .string(folder)),
            JSONMember(.exitCode, .optional(manifest?.exitCode)),
            JSONMember(.started, .optional(started.map { UTCTime(secondsSince1970: $0).extended })),
            JSONMember(.ended, .optional(manifest.map { UTCTime(secondsSince1970: $0.endedSeconds).extended })),
            JSONMember(.durationMicroseconds, .optional(manifest?.durationMicroseconds)),
            JSONMember(.targetCount, .optional(targets)),
            JSONMember(.outcomes, .counts(manifest?.outcomes ?? [:])),
            JSONMember(.signed, manifest == nil ? .null : .bool(isSigned)),
            JSONMember(
                .retainUntil,
                .optional((manifest?.retainUntilSeconds).map { UTCTime(secondsSince1970: $0).extended })
            ),
            JSONMember(.archiveBytes, .optional(manifest?.archiveBytes)),
            JSONMember(.archiveHash, .optional(manifest?.archiveHash)),
        ] + shardMembers + (continuedRun.map { [JSONMember(.continues, .string($0))] } ?? [])
    }
}
