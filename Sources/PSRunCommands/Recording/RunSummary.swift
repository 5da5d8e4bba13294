import Recording
import RecordingFormat

extension RecordedRun {
    /// The manifest of a sealed run, which a pruned one still has.
    var manifest: Manifest? {
        switch state {
        case .sealed(let manifest), .pruned(let manifest, _): manifest
        case .running, .killed, .damaged, .unreadable: nil
        }
    }

    /// The description of a run that is not sealed.
    var description: RunDescription? {
        switch state {
        case .running(let description), .killed(let description): description
        case .sealed, .pruned, .damaged, .unreadable: nil
        }
    }

    /// Whether there is an archive to read.
    var isSealed: Bool {
        if case .sealed = state { true } else { false }
    }

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

    /// What `list` and `show` tell of a run, by the names of the machine-readable result; null where it isn't known.
    var summary: [JSONMember] {
        let started = manifest?.startedSeconds ?? description?.startedSeconds
        let outcomes = manifest?.outcomes.sorted { $0.key < $1.key } ?? []
        return [
            JSONMember(key: "run", value: .string(name)),
            JSONMember(key: "state", value: .string(stateName)),
            JSONMember(key: "playbook", value: (manifest?.playbookName ?? description?.playbookName).json),
            JSONMember(key: "recording", value: .string(folder)),
            JSONMember(key: "exit_code", value: manifest?.exitCode.map { .integer(Int64($0)) } ?? .null),
            JSONMember(key: "started", value: started.map { UTCTime(secondsSince1970: $0).extended }.json),
            JSONMember(key: "ended", value: manifest.map { UTCTime(secondsSince1970: $0.endedSeconds).extended }.json),
            JSONMember(key: "duration_us", value: manifest.map { .integer($0.durationMicroseconds) } ?? .null),
            JSONMember(key: "target_count", value: targets.map { .integer(Int64($0)) } ?? .null),
            JSONMember(
                key: "outcomes",
                value: .object(outcomes.map { JSONMember(key: $0.key, value: .integer(Int64($0.value))) })
            ),
            JSONMember(key: "signed", value: manifest == nil ? .null : .bool(isSigned)),
            JSONMember(
                key: "retain_until",
                value: (manifest?.retainUntilSeconds).map { UTCTime(secondsSince1970: $0).extended }.json
            ),
            JSONMember(key: "archive_bytes", value: manifest.map { .integer(Int64($0.archiveBytes)) } ?? .null),
            JSONMember(key: "archive_sha256", value: (manifest?.archiveHash).json),
        ]
    }
}

extension String? {
    fileprivate var json: JSONValue { map { .string($0) } ?? .null }
}
