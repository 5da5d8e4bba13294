extension VerbDefinition {
    static let replay = VerbDefinition(
        verb: .replay,
        operand: recordedRun(isRequired: true),
        options: RecordingOptions.replay,
        summary: "play a recorded run",
        help: """
            Plays a recorded run. At a terminal it plays on a screen of its own, at the original speed; elsewhere it \
            prints text, all at once unless --speed or --idle-limit is given. Keys at a terminal: space pauses and \
            goes on; . and , go one event forward and back; ] and [ go to the next and the previous step, right and \
            left 5 seconds, > and < a minute, : to a step (12) or a time (1m20s), g and G to the beginning and the \
            end; / searches, n and N go to the next hit and the one before; + and - change the speed; tab goes to the \
            next target; ? lists the keys, and q quits.
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
        summary: "show a run in progress, live",
        help: """
            Shows what a run in progress has recorded so far, and then what it records, until it ends. With several \
            targets, each line begins with its target's name. Without RUN, it follows the newest run in progress. The \
            exit code is that of the run, or 6 if the run is killed before its recording is sealed.
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
        help: """
            Lists the recorded runs, the oldest first. Pruned runs are left out. Which folder they are in is said on \
            standard error.
            """
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
            Seals what a killed run left behind, up to the last step that was shown as finished. Without RUN, it \
            recovers every run that has ended without being sealed. The exit code is 6: the recording ends where \
            psrun did, and says so.
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
            runs under --retain-until are kept.
            """
    ) { (draft, _) throws(UsageError) in
        guard draft.prune.keepSeconds != nil else {
            throw UsageError(
                .missingArgument,
                "'psrun prune' needs --keep with the age of the oldest run to keep, such as 90d."
            )
        }
        return .prune(draft.prune)
    }
}
