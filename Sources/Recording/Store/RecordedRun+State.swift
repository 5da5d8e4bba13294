package import RecordingFormat

extension RecordedRun {
    /// The manifest of a sealed run, which a pruned one still has.
    package var manifest: Manifest? {
        switch state {
        case .sealed(let manifest), .pruned(let manifest, _): manifest
        case .running, .killed, .damaged, .unreadable: nil
        }
    }

    /// The description of a run that is not sealed.
    package var description: RunDescription? {
        switch state {
        case .running(let description), .killed(let description): description
        case .sealed, .pruned, .damaged, .unreadable: nil
        }
    }

    /// The name of the run that this one continues; nil where it continues none.
    package var continuedRun: String? { (manifest?.continued ?? description?.continued?.run)?.run }

    /// How the run was asked for; nil where that was not kept.
    package var options: RecordedOptions? { manifest?.options ?? description?.options }

    /// Whether there is an archive to read.
    package var isSealed: Bool {
        if case .sealed = state { true } else { false }
    }

    /// Whether psrun is writing it.
    package var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    /// - Throws: why there is no archive to read, and the way to one.
    package func requireSealed() throws(RecordingError) {
        switch state {
        case .sealed: return
        case .running:
            throw RecordingError(.unsealed, "\(name) is still running: it can be read once it has ended.")
        case .killed:
            throw RecordingError(
                .unsealed,
                "\(name) was never sealed: psrun was killed, or could not write. `psrun recover \(name)` seals it."
            )
        case .pruned(_, let tombstone):
            let day = UTCTime(secondsSince1970: tombstone.prunedSeconds).extended.prefix(10)
            throw RecordingError(
                .notFound,
                "\(name) was pruned on \(day) by \(tombstone.by), \(tombstone.reason): only its manifest and tombstone "
                    + "are left."
            )
        case .unreadable:
            throw RecordingError(
                .folderUnusable,
                "\(folder) cannot be read: Permission denied. Only a run's owner may read it: read it as that user."
            )
        case .damaged:
            throw RecordingError(
                .damaged,
                "\(folder) is damaged: its manifest is missing or cannot be read. Restore it from a copy."
            )
        }
    }
}
