extension VerbDefinition {
    static let replay = VerbDefinition(
        verb: .replay,
        operand: recordedRun(isRequired: true),
        options: RecordingOptions.replay,
        summary: "play a recorded run",
        help: """
            Plays a recorded run: at a terminal on a screen of its own, as fast as it was, and elsewhere as text, at \
            once unless --speed or --idle-limit is given. Keys at a terminal: space pauses and goes on; . and , show \
            one event more or less; ] and [ go to the next and the previous step, right and left 5 seconds, > and < a \
            minute, : to a step (12) or a time (1m20s), g and G to the beginning and the end; / searches, n and N go \
            to the next place and the one before; + and - change the speed; tab goes to the next target; ? tells of \
            the keys, and q quits.
            """
    ) { (draft, run) in
        var replay = draft.replay
        replay.run = run ?? ""
        return .replay(replay)
    }

    static let follow = VerbDefinition(
        verb: .follow,
        operand: recordedRun(isRequired: false),
        options: RecordingOptions.follow,
        summary: "show a run in progress as it goes on",
        help: """
            Shows what a run in progress has recorded, and then what it records, until it ends; several targets have \
            their names before their lines. Without RUN, the newest run in progress. The exit code is that of the run, \
            or 6 where it is killed before its recording is sealed.
            """
    ) { (draft, run) in
        var follow = draft.follow
        follow.run = run
        return .follow(follow)
    }

    static let list = VerbDefinition(
        verb: .list,
        operand: nil,
        options: RecordingOptions.list,
        summary: "list the recorded runs",
        help: "Lists the recorded runs, the oldest first; those that were pruned are left out."
    ) { (draft, _) in
        .list(draft.list)
    }

    static let show = VerbDefinition(
        verb: .show,
        operand: recordedRun(isRequired: true),
        options: RecordingOptions.show,
        summary: "show what a recorded run did",
        help: "Shows what a recorded run did: its targets, their steps, and how each ended."
    ) { (draft, run) in
        var show = draft.show
        show.run = run ?? ""
        return .show(show)
    }

    static let recover = VerbDefinition(
        verb: .recover,
        operand: recordedRun(isRequired: false),
        options: RecordingOptions.recover,
        summary: "seal the recording of a run that was killed",
        help: """
            Seals what a killed run left behind, up to the last step that was shown as finished. Without RUN, every \
            run that is not sealed and no longer running. The exit code is 6: the recording ends where psrun did, and \
            says so.
            """
    ) { (draft, run) in
        var recover = draft.recover
        recover.run = run
        return .recover(recover)
    }

    static let prune = VerbDefinition(
        verb: .prune,
        operand: nil,
        options: RecordingOptions.prune,
        summary: "remove the archives of old runs, with a tombstone in the chain",
        help: """
            Removes the archives of runs that began before the time that --keep names. Each leaves its manifest and a \
            tombstone, so that 'psrun verify' still proves the others. The newest run, runs that are not sealed and \
            runs under --retain-until stay.
            """
    ) { (draft, _) throws(UsageError) in
        guard draft.prune.keepSeconds != nil else {
            throw UsageError(.missingArgument, "'psrun prune' needs --keep with the age up to which runs stay, as 90d.")
        }
        return .prune(draft.prune)
    }
}
